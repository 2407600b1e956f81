import { once } from "node:events";

/** The program's two streams. Touched on first use only: merely to look at one costs a millisecond or two. */
export type StreamName = "stdout" | "stderr";

const used = new Set<StreamName>();

/** False: the reader is slow, and `drained` tells when it has caught up. */
export function write(name: StreamName, text: string): boolean {
  if (!used.has(name)) process[name].on("error", leaveWhenNobodyReads);
  used.add(name);
  return process[name].write(text);
}

export async function drained(name: StreamName): Promise<void> {
  await once(process[name], "drain");
}

/** Resolves when all that was written is on its way. */
export async function flushed(): Promise<void> {
  await Promise.all([...used].map((name) => new Promise((settle) => process[name].write("", settle))));
}

/** `tscompose logs | head`: the reader has gone; the exit code is what other programs end with then. */
function leaveWhenNobodyReads(error: NodeJS.ErrnoException): void {
  if (error.code === "EPIPE") process.exit(141);
  throw error;
}
