import { EngineError } from "../../model/error.ts";
import type { LogChunk } from "../engine.ts";

const headerLength = 8;

/**
 * Takes apart what the engine sends for containers without a terminal: frames with a header of 8 bytes, the stream's
 * number first, the length in the last four. Headers and payloads may be cut anywhere; a payload is passed on in pieces
 * as it comes, so a frame of any size costs no memory.
 */
export async function* demultiplex(stream: AsyncIterable<Uint8Array>): AsyncGenerator<LogChunk> {
  let header = new Uint8Array();
  let remaining = 0;
  let complaint = "";
  for await (let bytes of stream) {
    while (bytes.length > 0) {
      if (remaining === 0) {
        const missing = headerLength - header.length;
        header = concat(header, bytes.subarray(0, missing));
        bytes = bytes.subarray(missing);
        if (header.length < headerLength) break;
        remaining = new DataView(header.buffer, header.byteOffset).getUint32(4);
        if (remaining === 0) header = new Uint8Array();
        continue;
      }
      const piece = bytes.subarray(0, remaining);
      bytes = bytes.subarray(remaining);
      remaining -= piece.length;
      if (header[0] === systemError) complaint += new TextDecoder().decode(piece);
      else yield { stream: header[0] === standardError ? "stderr" : "stdout", bytes: piece };
      if (remaining === 0) header = new Uint8Array();
    }
  }
  if (complaint !== "") throw new EngineError(complaint.trim(), { status: 0, operation: "read", resource: "stream" });
}

const standardError = 2;
const systemError = 3;

function concat(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

/** A terminal has one stream of bytes, without frames. */
export async function* rawOutput(stream: AsyncIterable<Uint8Array>): AsyncGenerator<LogChunk> {
  for await (const bytes of stream) yield { stream: "stdout", bytes };
}
