import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { LogChunk } from "../../src/engine/engine.ts";
import { demultiplex, rawOutput } from "../../src/engine/transport/frames.ts";

type Frame = readonly [stream: number, payload: Uint8Array];

function encode(frames: readonly Frame[]): Buffer {
  return Buffer.concat(
    frames.flatMap(([stream, payload]) => {
      const header = Buffer.alloc(8);
      header[0] = stream;
      header.writeUInt32BE(payload.length, 4);
      return [header, payload];
    }),
  );
}

/** The bytes cut at the given places, wherever those are. */
async function* cut(bytes: Buffer, places: readonly number[]): AsyncGenerator<Uint8Array> {
  const ends = [...new Set(places.map((place) => place % (bytes.length + 1))), bytes.length].sort((a, b) => a - b);
  let start = 0;
  for (const end of ends) {
    yield bytes.subarray(start, end);
    start = end;
  }
}

async function collect(chunks: AsyncIterable<LogChunk>): Promise<Record<"stdout" | "stderr", Buffer>> {
  const collected: Record<"stdout" | "stderr", Buffer[]> = { stdout: [], stderr: [] };
  for await (const { stream, bytes } of chunks) collected[stream].push(Buffer.from(bytes));
  return { stdout: Buffer.concat(collected.stdout), stderr: Buffer.concat(collected.stderr) };
}

describe("frames", () => {
  test("whatever the chunks, each stream comes out as it went in", async () => {
    const frame = fc.tuple(fc.constantFrom(1, 2), fc.uint8Array({ maxLength: 40 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(frame, { maxLength: 8 }),
        fc.array(fc.nat(400), { maxLength: 30 }),
        async (frames, places) => {
          const of = (stream: number): Buffer =>
            Buffer.concat(frames.filter(([each]) => each === stream).map(([, payload]) => payload));
          const result = await collect(demultiplex(cut(encode(frames), places)));
          expect(result).toEqual({ stdout: of(1), stderr: of(2) });
        },
      ),
    );
  });

  test("byte by byte, in order", async () => {
    const bytes = encode([
      [1, Buffer.from("a")],
      [2, Buffer.from("")],
      [2, Buffer.from("bc")],
      [1, Buffer.from("d")],
    ]);
    const order: string[] = [];
    const every = Array.from({ length: bytes.length }, (_, place) => place);
    for await (const chunk of demultiplex(cut(bytes, every)))
      order.push(`${chunk.stream} ${Buffer.from(chunk.bytes).toString()}`);
    expect(order).toEqual(["stdout a", "stderr b", "stderr c", "stdout d"]);
  });

  test("a large frame is passed on in pieces, not collected", async () => {
    const header = encode([[1, new Uint8Array()]]);
    header.writeUInt32BE(0xffff_ffff, 4);
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield header;
      for (;;) yield new Uint8Array(1000);
    }
    let pieces = 0;
    for await (const { bytes } of demultiplex(endless())) {
      expect(bytes.length).toBe(1000);
      if (++pieces === 3) break;
    }
    expect(pieces).toBe(3);
  });

  test("what the engine itself has to say ends the stream as an error", async () => {
    const bytes = encode([
      [1, Buffer.from("last words\n")],
      [3, Buffer.from("error grabbing logs: log file is gone\n")],
    ]);
    const chunks: string[] = [];
    const read = async (): Promise<void> => {
      for await (const chunk of demultiplex(cut(bytes, [5, 30]))) chunks.push(Buffer.from(chunk.bytes).toString());
    };
    await expect(read()).rejects.toMatchObject({
      name: "EngineError",
      message: "error grabbing logs: log file is gone",
    });
    expect(chunks.join("")).toBe("last words\n");
  });

  test("a stream that breaks off within a header loses nothing that was complete", async () => {
    const bytes = encode([
      [1, Buffer.from("whole")],
      [1, Buffer.from("never")],
    ]).subarray(0, 16);
    expect((await collect(demultiplex(cut(bytes, [])))).stdout.toString()).toBe("whole");
  });

  test("a terminal's bytes are left as they are", async () => {
    const bytes = encode([[1, Buffer.from("x")]]);
    expect((await collect(rawOutput(cut(bytes, [3])))).stdout).toEqual(bytes);
  });
});
