import { once } from "node:events";
import {
  type IncomingHttpHeaders,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import type { Socket } from "node:net";

import { escapeMessage, frameHead, GrpcError, grpcCodes, messages } from "./grpc.ts";

/** A call that the engine makes to us. */
export interface IncomingCall {
  readonly requests: AsyncIterable<Buffer>;
  readonly metadata: ReadonlyMap<string, readonly string[]>;
  /** A message in pieces. Resolves when the next one may come: a fast disk must not fill the memory. */
  send(parts: readonly Uint8Array[]): Promise<void>;
}

export type Handler = (call: IncomingCall) => Promise<void>;

/** "/moby.filesync.v1.FileSync/DiffCopy" → what answers it. */
export type Handlers = ReadonlyMap<string, Handler>;

/** Answers calls on a connection that we opened: the roles are the reverse of the usual. */
export function serveGrpc(socket: Socket, handlers: Handlers): { close(): void } {
  const session: ServerHttp2Session = performServerHandshake(socket);
  session.on("error", () => {});
  session.on(
    "stream",
    (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, raw: readonly string[]) => {
      // Whoever writes sees that the stream is gone; there is nobody left to tell.
      stream.on("error", () => {});
      void answer(stream, handlers.get(String(headers[":path"])), metadataOf(raw));
    },
  );
  return { close: () => session.destroy() };
}

/** A handler for a call with one request and one answer. */
export function unary(respond: (request: Buffer, call: IncomingCall) => Promise<Uint8Array>): Handler {
  return async (call) => {
    for await (const request of call.requests) return call.send([await respond(request, call)]);
  };
}

async function answer(
  stream: ServerHttp2Stream,
  handler: Handler | undefined,
  metadata: IncomingCall["metadata"],
): Promise<void> {
  let status: readonly [code: number, message: string] = [grpcCodes.ok, ""];
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => {
    const [code, message] = status;
    stream.sendTrailers({
      "grpc-status": String(code),
      ...(message !== "" && { "grpc-message": escapeMessage(message) }),
    });
  });
  try {
    if (handler === undefined) throw new GrpcError("there is no such call", grpcCodes.unimplemented);
    await handler({ requests: messages(unended(stream)), metadata, send: (parts) => send(stream, parts) });
  } catch (error) {
    const code = error instanceof GrpcError ? error.code : grpcCodes.unknown;
    status = [code, error instanceof Error ? error.message : String(error)];
  }
  if (stream.destroyed) return;
  stream.end();
  // What the engine still had to say concerns nobody; unread, it would keep the stream open.
  stream.resume();
}

/** Who stops reading has not answered yet, so the stream has to live on. */
function unended(stream: ServerHttp2Stream): AsyncIterable<Uint8Array> {
  return stream.iterator({ destroyOnReturn: false });
}

async function send(stream: ServerHttp2Stream, parts: readonly Uint8Array[]): Promise<void> {
  if (stream.destroyed || stream.closed) throw new GrpcError("the engine ended the transfer", grpcCodes.cancelled);
  // What is sent in one go travels in one go: a list of thousands of files is thousands of small messages.
  if (stream.writableCorked === 0) {
    stream.cork();
    process.nextTick(() => stream.uncork());
  }
  let free = stream.write(frameHead(parts.reduce((sum, { length }) => sum + length, 0)));
  for (const part of parts) free = stream.write(part);
  if (free) return;
  const over = new AbortController();
  const { signal } = over;
  try {
    await Promise.race([once(stream, "drain", { signal }), once(stream, "close", { signal })]);
  } finally {
    over.abort();
  }
}

/** Repeated headers stay apart: joined by commas, patterns with commas in them would fall into pieces. */
function metadataOf(raw: readonly string[]): Map<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? "";
    found.set(name, [...(found.get(name) ?? []), raw[at + 1] ?? ""]);
  }
  return found;
}
