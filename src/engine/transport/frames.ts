import { EngineError } from "../../model/error.ts";
import type { LogChunk } from "../engine.ts";

const headerLength = 8;

/**
 * Takes apart what the engine sends for containers without a terminal: frames with a header of 8 bytes, the stream's
 * number first, the length in the last four. Headers and payloads may be cut anywhere; payloads are passed on as they
 * come, so a frame of any size costs no memory, and many small ones that come together cost no more than one.
 */
export async function* demultiplex(stream: AsyncIterable<Uint8Array>): AsyncGenerator<LogChunk> {
  const header = new Uint8Array(headerLength);
  const view = new DataView(header.buffer);
  let headerFilled = 0;
  let remaining = 0;
  const complaint = new TextDecoder();
  let complained = "";
  for await (const bytes of stream) {
    const joined = joinPieces();
    let at = 0;
    while (at < bytes.length) {
      if (remaining === 0) {
        const taken = Math.min(headerLength - headerFilled, bytes.length - at);
        header.set(bytes.subarray(at, at + taken), headerFilled);
        at += taken;
        headerFilled += taken;
        if (headerFilled < headerLength) break;
        headerFilled = 0;
        remaining = view.getUint32(4);
        continue;
      }
      const piece = bytes.subarray(at, at + remaining);
      at += piece.length;
      remaining -= piece.length;
      if (header[0] === systemError) complained += complaint.decode(piece, { stream: true });
      else joined.add(header[0] === standardError ? "stderr" : "stdout", piece);
    }
    yield* joined.chunks();
  }
  if (complained !== "") throw new EngineError(complained.trim(), { status: 0, operation: "read", resource: "stream" });
}

interface Joined {
  add(stream: LogChunk["stream"], piece: Uint8Array): void;
  chunks(): readonly LogChunk[];
}

/** Neighbouring pieces of one stream become one chunk; the order of the two streams stays. */
function joinPieces(): Joined {
  const runs: { readonly stream: LogChunk["stream"]; readonly pieces: Uint8Array[] }[] = [];
  return {
    add(stream, piece) {
      const last = runs.at(-1);
      if (last?.stream === stream) last.pieces.push(piece);
      else runs.push({ stream, pieces: [piece] });
    },
    chunks: () =>
      runs.map(({ stream, pieces }) => {
        const [only] = pieces;
        return { stream, bytes: pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces) };
      }),
  };
}

const standardError = 2;
const systemError = 3;

/** A terminal has one stream of bytes, without frames. */
export async function* rawOutput(stream: AsyncIterable<Uint8Array>): AsyncGenerator<LogChunk> {
  for await (const bytes of stream) yield { stream: "stdout", bytes };
}
