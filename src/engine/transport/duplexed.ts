import { once } from "node:events";
import type { Socket } from "node:net";

import type { Duplexed } from "../engine.ts";
import { demultiplex, rawOutput } from "./frames.ts";
import { type StreamOrigin, guarded } from "./json-lines.ts";

/** A connection that was taken over: frames or raw bytes come in, what is typed goes out. */
export function duplexed(socket: Socket, tty: boolean, origin: StreamOrigin): Duplexed {
  const bytes = guarded(socket, origin);
  return {
    output: tty ? rawOutput(bytes) : demultiplex(bytes),
    async write(chunk) {
      // Output may go on after the process has closed its input; then nobody is left to read what is typed.
      if (!socket.writable) return;
      if (!socket.write(chunk)) await taken(socket);
    },
    async end() {
      // Only our direction: closing the whole connection would lose the output that is still to come.
      if (socket.writable) await new Promise<void>((settle) => socket.end(settle));
    },
    close: () => void socket.destroy(),
  };
}

/** Who waits for a slow reader leaves no listeners behind: a long input would gather thousands. */
async function taken(socket: Socket): Promise<void> {
  const over = new AbortController();
  const { signal } = over;
  try {
    await Promise.race([once(socket, "drain", { signal }), once(socket, "close", { signal })]);
  } finally {
    over.abort();
  }
}
