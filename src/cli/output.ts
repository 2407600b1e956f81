import { once } from "node:events";

/** The program's two streams. Touched on first use only: merely to look at one costs a millisecond or two. */
export type StreamName = "stdout" | "stderr";

const used = new Set<StreamName>();

export function output(name: StreamName): NodeJS.WriteStream {
  if (!used.has(name)) process[name].on("error", leaveWhenNobodyReads);
  used.add(name);
  return process[name];
}

export function write(name: StreamName, text: string): void {
  output(name).write(text);
}

/** To standard output; a promise when the reader is slow. */
export function writeBytes(bytes: Uint8Array): Promise<void> | undefined {
  output("stdout").write(bytes);
  return pressure();
}

/** A promise when the reader is slow: it resolves when he has caught up. */
export function pressure(): Promise<void> | undefined {
  const slow = [...used].filter((name) => process[name].writableNeedDrain);
  return slow.length === 0 ? undefined : Promise.all(slow.map((name) => once(process[name], "drain"))).then(() => {});
}

/** Resolves when all that was written is on its way. */
export async function flushed(): Promise<void> {
  await Promise.all([...used].map((name) => new Promise((settle) => process[name].write("", settle))));
}

/** What other programs exit with then. */
export const nobodyReads = 141;

let leave: () => void = () => process.exit(nobodyReads);

/** For who has something to put away before it ends, once; it ends by itself. */
export function onNobodyReads(listener: () => void): void {
  leave = listener;
}

/** `tscompose logs | head`: the reader has gone; or its window was closed. */
function leaveWhenNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE" && error.code !== "EIO") throw error;
  leave();
}
