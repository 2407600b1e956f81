import { once } from "node:events";

/** The program's two streams. Touched on first use only: merely to look at one costs a millisecond or two. */
export type StreamName = "stdout" | "stderr";

const used = new Set<StreamName>();

export function output(name: StreamName): NodeJS.WriteStream {
  const stream = process[name];
  if (!used.has(name)) {
    tellOfFailures(stream);
    stream.on("error", (error) => giveUp(name, error));
  }
  used.add(name);
  return stream;
}

/** A file, or /dev/full: Node throws what fails there into the face of whoever writes, so each would have to catch it. */
function tellOfFailures(stream: NodeJS.WriteStream): void {
  const own = stream._write.bind(stream);
  stream._write = (chunk, encoding, done) => {
    try {
      own(chunk, encoding, (error) => {
        // At once: when the stream tells of it, what the line said would begin has begun, and the engine goes on with it.
        if (isUnread(error)) leave();
        done(error);
      });
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)));
    }
  };
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

/**
 * `tscompose logs | head`: the reader has gone; or its window was closed. What cannot be written for another reason
 * is a failure where it is the result; what is only told to a person must not keep the work from being done.
 */
function giveUp(name: StreamName, error: NodeJS.ErrnoException): void {
  if (isUnread(error)) return leave();
  if (name === "stderr") return;
  const reason = error.code === "ENOSPC" ? "no space is left on the device" : error.message;
  write("stderr", `error: the standard output cannot be written: ${reason}\n`);
  process.exit(1);
}

function isUnread(error: NodeJS.ErrnoException | null | undefined): boolean {
  return error?.code === "EPIPE" || error?.code === "EIO";
}
