import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
  connect,
  constants,
} from "node:http2";
import type { Socket } from "node:net";

import { CancelledError } from "../../model/error.ts";
import { failureOf, frameHead, GrpcError, grpcCodes, messages } from "./grpc.ts";

/** Calls over one connection: HTTP/2 inside of what was an HTTP/1 request. */
export interface GrpcClient {
  call(method: string, request: Uint8Array, options?: CallOptions): Promise<Buffer>;
  /** One request, many answers. */
  stream(method: string, request: Uint8Array, options?: CallOptions): AsyncGenerator<Buffer>;
  close(): void;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  readonly metadata?: Readonly<Record<string, string>>;
}

export function grpcClient(socket: Socket): GrpcClient {
  const session = connect("http://localhost", { createConnection: () => socket });
  // Each call sees the failure for itself.
  session.on("error", () => {});
  const stream = (method: string, request: Uint8Array, options: CallOptions = {}): AsyncGenerator<Buffer> =>
    answers(session, { method, request, ...options });
  return {
    stream,
    async call(method, request, options) {
      let last: Buffer | undefined;
      for await (const message of stream(method, request, options)) last = message;
      if (last === undefined) throw new GrpcError(`${method} was not answered`, grpcCodes.unknown);
      return last;
    },
    close: () => session.destroy(),
  };
}

interface StreamCall extends CallOptions {
  readonly method: string;
  readonly request: Uint8Array;
}

async function* answers(
  session: ClientHttp2Session,
  { method, request, signal, metadata }: StreamCall,
): AsyncGenerator<Buffer> {
  if (isAborted(signal)) throw new CancelledError();
  const stream = session.request({
    ":method": "POST",
    ":path": `/${method}`,
    "content-type": "application/grpc",
    te: "trailers",
    ...metadata,
  });
  const ending = endOf(stream);
  const cancel = (): void => stream.close(constants.NGHTTP2_CANCEL);
  signal?.addEventListener("abort", cancel, { once: true });
  stream.end(Buffer.concat([frameHead(request.length), request]));
  try {
    yield* messages(stream);
    const failure = await ending;
    if (failure !== undefined) throw failure;
  } catch (error) {
    if (isAborted(signal)) throw new CancelledError();
    // What the other side said last tells more than that its stream broke.
    throw (await ending) ?? error;
  } finally {
    signal?.removeEventListener("abort", cancel);
    if (!stream.closed) cancel();
  }
}

/** In a function of its own: the compiler remembers what it was before the call. */
function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}

/** How the call ended: the status comes after the answers, or instead of them in the first headers. */
function endOf(stream: ClientHttp2Stream): Promise<GrpcError | undefined> {
  return new Promise((settle) => {
    let told: IncomingHttpHeaders | undefined;
    let broken = "the engine closed the connection";
    const listen = (headers: IncomingHttpHeaders): void => {
      if (headers["grpc-status"] !== undefined) told = headers;
    };
    stream.on("response", listen).on("trailers", listen);
    stream.on("error", (error: Error) => (broken = error.message));
    stream.on("close", () => {
      settle(told === undefined ? new GrpcError(broken, grpcCodes.unavailable) : failureOf(told));
    });
  });
}
