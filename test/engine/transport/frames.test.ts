import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { LogChunk } from "../../../src/engine/engine.ts";
import { demultiplex } from "../../../src/engine/transport/frames.ts";

const numbers = { stdout: 1, stderr: 2, error: 3 } as const;

function frame(stream: keyof typeof numbers, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(8);
  header[0] = numbers[stream];
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

async function* pieces(bytes: Buffer, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const size of [...sizes, bytes.length]) {
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

async function read(stream: AsyncIterable<Uint8Array>): Promise<LogChunk[]> {
  const chunks: LogChunk[] = [];
  for await (const chunk of demultiplex(stream)) chunks.push(chunk);
  return chunks;
}

/** Neighbours of one stream as one: that is all that a reader can tell. */
function joined(chunks: readonly LogChunk[]): [string, string][] {
  const runs: [string, string][] = [];
  for (const { stream, bytes } of chunks) {
    const hex = Buffer.from(bytes).toString("hex");
    const last = runs.at(-1);
    if (last?.[0] === stream) last[1] += hex;
    else if (hex !== "") runs.push([stream, hex]);
  }
  return runs;
}

describe("frames", () => {
  test("whatever the cuts, each stream has its bytes, in order", async () => {
    const one = fc.record({
      stream: fc.constantFrom("stdout" as const, "stderr" as const),
      bytes: fc.uint8Array({ maxLength: 40 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(one, { maxLength: 30 }), fc.array(fc.nat(30)), async (frames, sizes) => {
        const bytes = Buffer.concat(frames.map(({ stream, bytes }) => frame(stream, bytes)));
        expect(joined(await read(pieces(bytes, sizes)))).toEqual(joined(frames));
      }),
    );
  });

  test("many small frames that come together are one chunk", async () => {
    const bytes = Buffer.concat(Array.from({ length: 1000 }, (_, index) => frame("stdout", Buffer.from(`${index}\n`))));
    expect(await read(pieces(bytes, []))).toHaveLength(1);
  });

  test("a frame that says why the engine failed is an error, once all output was passed on", async () => {
    const bytes = Buffer.concat([frame("stdout", Buffer.from("x")), frame("error", Buffer.from("disk gone\n"))]);
    const seen: LogChunk[] = [];
    await expect(async () => {
      for await (const chunk of demultiplex(pieces(bytes, [5]))) seen.push(chunk);
    }).rejects.toThrow("disk gone");
    expect(seen).toHaveLength(1);
  });
});
