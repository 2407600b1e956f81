import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { type LogLine, logLines } from "../../../src/actions/logs/lines.ts";
import type { LogChunk } from "../../../src/engine/engine.ts";

const time = "2026-01-01T00:00:00.000000001Z";

async function lines(chunks: readonly LogChunk[]): Promise<LogLine[]> {
  const found: LogLine[] = [];
  async function* stream(): AsyncGenerator<LogChunk> {
    yield* chunks;
  }
  for await (const batch of logLines(stream())) found.push(...batch);
  return found;
}

const out = (text: string | Uint8Array): LogChunk => ({ stream: "stdout", bytes: Buffer.from(text) });

/** As Go writes bytes as text: each byte that belongs to no letter becomes a letter of three bytes. */
function asText(bytes: Buffer): string {
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const letter = bytes.subarray(at, at + 3).toString("utf8");
    text += letter === "\u20ac" || letter.charCodeAt(0) < 128 ? letter[0] : "\ufffd";
    at += letter === "\u20ac" ? 3 : 1;
  }
  return text;
}

describe("log lines", () => {
  test("stamps are taken off, stderr is kept apart, a last line without an end appears", async () => {
    const err: LogChunk = { stream: "stderr", bytes: Buffer.from(`${time} oops\n`) };
    expect(await lines([out(`${time} one\n`), err, out(`${time} two`)])).toEqual([
      { stream: "stdout", time, text: "one" },
      { stream: "stderr", time, text: "oops" },
      { stream: "stdout", time, text: "two" },
    ]);
  });

  test("empty lines and lines that look like a stamp stay", async () => {
    expect(await lines([out(`${time} \n${time} ${time} x\n`)])).toEqual([
      { stream: "stdout", time, text: "" },
      { stream: "stdout", time, text: `${time} x` },
    ]);
  });

  test("a line that the engine cut into messages is whole again", async () => {
    const parts = ["a".repeat(16_384), "b".repeat(16_384), "c".repeat(10)];
    const [line] = await lines(parts.map((part, index) => out(`${time} ${part}${index === 2 ? "\n" : ""}`)));
    expect(line?.text === parts.join("")).toBe(true);
  });

  test("letters that the engine cut in the middle are whole again, and bytes that are no letters shift nothing", async () => {
    const whole = Buffer.from(`${"\u20ac".repeat(40_000)}\u{1f600}`);
    const bytes = Buffer.concat([whole, Buffer.alloc(20_000, 0xff), Buffer.from("end")]);
    const messages: Buffer[] = [Buffer.from(`${time} short\n`)];
    for (let at = 0; at < bytes.length; at += 16_384)
      messages.push(Buffer.concat([Buffer.from(`${time} `), bytes.subarray(at, at + 16_384)]));
    messages.push(Buffer.from(`\n${time} \u00e9\n`));
    const all = Buffer.concat(messages);
    const expected = ["short", bytes.toString("utf8"), "\u00e9"];
    for (const size of [all.length, 32_768, 1000, 7]) {
      const chunks: LogChunk[] = [];
      for (let at = 0; at < all.length; at += size) chunks.push(out(all.subarray(at, at + size)));
      const found = await lines(chunks);
      expect(found.map(({ text }, index) => text === expected[index])).toEqual([true, true, true]);
      expect(found.every((line) => line.time === time)).toBe(true);
    }
  });

  test("so they are when the engine has kept them as text, and messages have grown", async () => {
    const bytes = Buffer.concat([Buffer.from("\u20ac".repeat(40_000)), Buffer.alloc(20_000, 0xff), Buffer.from("end")]);
    let kept = "";
    let all = "";
    for (let at = 0; at < bytes.length; at += 16_384) {
      const message = asText(bytes.subarray(at, at + 16_384));
      kept += message;
      all += `${time} ${message}`;
    }
    const [line, ...more] = await lines([out(`${all}\n`)]);
    expect([line?.text === kept, more.length]).toEqual([true, 0]);
  });

  test("whatever the chunking, nothing is lost or torn", async () => {
    const content = fc.array(
      fc.string({ unit: "grapheme" }).map((text) => text.replaceAll(/[\r\n]/g, "")),
      { maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(content, fc.array(fc.integer({ min: 1, max: 40 })), async (texts, cuts) => {
        const bytes = Buffer.from(texts.map((text) => `${time} ${text}\n`).join(""));
        const chunks: LogChunk[] = [];
        let at = 0;
        for (const size of [...cuts, bytes.length]) {
          if (at < bytes.length) chunks.push(out(bytes.subarray(at, at + size)));
          at += size;
        }
        expect((await lines(chunks)).map((line) => line.text)).toEqual(texts);
      }),
    );
  });
});
