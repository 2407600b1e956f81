import type { IncomingHttpHeaders } from "node:http2";

import { decodeMessage, textField } from "./protobuf.ts";

/** The codes that we send or ask about; the protocol has more. */
export const grpcCodes = {
  ok: 0,
  cancelled: 1,
  unknown: 2,
  notFound: 5,
  alreadyExists: 6,
  failedPrecondition: 9,
  unimplemented: 12,
  unavailable: 14,
} as const;

/** A call that the other side ended with a failure. */
export class GrpcError extends Error {
  override readonly name: string = "GrpcError";
  readonly code: number;
  /** What it says beyond the message: type address and content. */
  readonly details: readonly GrpcDetail[];
  constructor(message: string, code: number, details: readonly GrpcDetail[] = []) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

export interface GrpcDetail {
  readonly type: string;
  readonly value: Uint8Array;
}

/** Five bytes stand before each message: not compressed, and its length. */
export function frameHead(length: number): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(length, 1);
  return head;
}

/** Cuts what arrives into messages, wherever the chunks of the transport end. */
export async function* messages(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let pending: Uint8Array[] = [];
  let size = 0;
  let wanted = headBytes;
  for await (const chunk of chunks) {
    pending.push(chunk);
    size += chunk.length;
    // Put together only when something is complete: of a large message every chunk would be copied many times.
    while (size >= wanted) {
      const all = Buffer.concat(pending);
      const end = headBytes + all.readUInt32BE(1);
      if (size >= end) yield all.subarray(headBytes, end);
      pending = [size >= end ? all.subarray(end) : all];
      wanted = size >= end ? headBytes : end;
      size = pending[0]?.length ?? 0;
    }
  }
}

const headBytes = 5;

/** The failure that the last headers of an answer tell, if any. */
export function failureOf(headers: IncomingHttpHeaders): GrpcError | undefined {
  const code = Number(headers["grpc-status"] ?? grpcCodes.unknown);
  if (code === grpcCodes.ok) return undefined;
  const message = unescapeMessage(String(headers["grpc-message"] ?? "the call ended without an answer"));
  return new GrpcError(message, code, detailsOf(headers["grpc-status-details-bin"]));
}

function detailsOf(header: string | string[] | undefined): GrpcDetail[] {
  if (typeof header !== "string") return [];
  const status = decodeMessage(Buffer.from(header, "base64"));
  return status
    .filter(({ number }) => number === 3)
    .map(({ bytes }) => decodeMessage(bytes))
    .map((any) => ({
      type: textField(any, 1),
      value: any.find(({ number }) => number === 2)?.bytes ?? new Uint8Array(),
    }));
}

/** Headers are ASCII: everything else travels as "%C3%A4". */
export function escapeMessage(message: string): string {
  return [...Buffer.from(message)]
    .map((byte) =>
      byte < 0x20 || byte > 0x7e || byte === 0x25
        ? `%${byte.toString(16).toUpperCase().padStart(2, "0")}`
        : String.fromCharCode(byte),
    )
    .join("");
}

function unescapeMessage(message: string): string {
  try {
    return decodeURIComponent(message);
  } catch {
    return message;
  }
}
