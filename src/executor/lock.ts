import { unlink } from "node:fs/promises";
import { type Socket, connect, createServer } from "node:net";
import { platform, tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

import { CancelledError } from "../model/error.ts";
import { sha256 } from "../model/sha256.ts";

/** Who holds a project: what a waiting run tells its user. */
export interface LockHolder {
  readonly pid: number;
  /** "up", "down" … */
  readonly verb: string;
  readonly workingDir: string;
}

export interface LockOptions {
  readonly endpoint: string;
  readonly project: string;
  readonly holder: LockHolder;
  /** Called each time that somebody else is found to hold the project; one who does not answer is suspended, perhaps. */
  readonly onWait: (holder: LockHolder | undefined) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * One changing run at a time for one project on one engine. The lock is a listening socket: the kernel frees it when
 * its holder ends, however it ends, and who waits is connected to it and so hears of the end at once, without a timer.
 */
export async function lockProject(options: LockOptions): Promise<AsyncDisposable> {
  const address = lockAddress(options.endpoint, options.project);
  for (;;) {
    if (options.signal?.aborted === true) throw new CancelledError();
    const lock = await listen(address, options.holder);
    if (lock !== undefined) return lock;
    await waitForHolder(address, options);
  }
}

/** For who would rather do something else than wait for just anybody; undefined: such a one holds it. */
export async function lockIfFree(
  options: LockOptions,
  isWaitedFor: (holder: LockHolder) => boolean = () => false,
): Promise<AsyncDisposable | undefined> {
  const taken = new AbortController();
  const onWait = (holder: LockHolder | undefined): void => {
    options.onWait(holder);
    if (holder === undefined || !isWaitedFor(holder)) taken.abort();
  };
  const signals = [taken.signal, options.signal].filter((each) => each !== undefined);
  try {
    return await lockProject({ ...options, onWait, signal: AbortSignal.any(signals) });
  } catch (error) {
    if (!(error instanceof CancelledError) || !taken.signal.aborted) throw error;
    return undefined;
  }
}

/** Linux: an abstract socket, Windows: a pipe; both vanish with their holder. Elsewhere a file, which may be left over. */
function lockAddress(endpoint: string, project: string): string {
  const digest = sha256(`${endpoint}\0${project}`).slice(0, 24);
  const name = `tscompose-${process.getuid?.() ?? "user"}-${digest}`;
  if (platform() === "linux") return `\0${name}`;
  return platform() === "win32" ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.lock`);
}

/** undefined: somebody else listens there. */
function listen(address: string, holder: LockHolder): Promise<AsyncDisposable | undefined> {
  return new Promise((settle, fail) => {
    const waiting = new Set<Socket>();
    const server = createServer((socket) => {
      // One who waits may go away at any time; that is not our concern.
      socket.on("error", () => {});
      socket.write(`${JSON.stringify(holder)}\n`);
      waiting.add(socket);
    });
    const release = (): Promise<void> =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of waiting) socket.destroy();
      });
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? settle(undefined) : fail(error),
    );
    server.listen(address, () => {
      server.unref();
      settle({ [Symbol.asyncDispose]: release });
    });
  });
}

/** Who holds it says so at once, unless nothing of it runs. */
const silenceMs = 5000;

/** Resolves when the holder lets go or dies. */
async function waitForHolder(address: string, options: LockOptions): Promise<void> {
  const socket = connect(address);
  const abort = (): void => void socket.destroy();
  options.signal?.addEventListener("abort", abort, { once: true });
  if (options.signal?.aborted === true) abort();
  const silence = setTimeout(() => options.onWait(undefined), silenceMs);
  socket.once("data", (bytes: Buffer) => {
    clearTimeout(silence);
    const holder = parseHolder(bytes.toString("utf8"));
    if (holder !== undefined) options.onWait(holder);
  });
  try {
    await text(socket);
  } catch (error) {
    // A socket file whose holder was killed answers with a refusal; the file is all that is left of it.
    const refused = error instanceof Error && "code" in error && error.code === "ECONNREFUSED";
    if (refused && !address.startsWith("\0")) await unlink(address).catch(() => {});
  } finally {
    clearTimeout(silence);
    options.signal?.removeEventListener("abort", abort);
  }
}

function parseHolder(line: string): LockHolder | undefined {
  try {
    return JSON.parse(line) as LockHolder;
  } catch {
    return undefined;
  }
}
