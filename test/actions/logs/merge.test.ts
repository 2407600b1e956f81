import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { LogLine } from "../../../src/actions/logs/lines.ts";
import { mergeLogs } from "../../../src/actions/logs/merge.ts";

const line = (time: number, text = ""): LogLine => ({ stream: "stdout", time: String(time).padStart(6, "0"), text });

async function* from(lines: readonly LogLine[]): AsyncGenerator<LogLine> {
  yield* lines;
}

/** A source that says a line when the test tells it to. */
function live(): { readonly lines: AsyncIterable<LogLine>; say(next: LogLine): void; end(): void } {
  const queue: (LogLine | undefined)[] = [];
  let wake: () => void = () => {};
  async function* run(): AsyncGenerator<LogLine> {
    for (;;) {
      while (queue.length === 0) await new Promise<void>((settle) => (wake = settle));
      const next = queue.shift();
      if (next === undefined) return;
      yield next;
    }
  }
  const put = (next: LogLine | undefined): void => {
    queue.push(next);
    wake();
  };
  return { lines: run(), say: put, end: () => put(undefined) };
}

describe("merged logs", () => {
  test("lines of all sources come in the order of their times", async () => {
    const sorted = fc.array(fc.integer({ min: 0, max: 999 })).map((times) => times.toSorted((a, b) => a - b));
    await fc.assert(
      fc.asyncProperty(fc.array(sorted, { maxLength: 6 }), async (all) => {
        const merge = mergeLogs<number>(10_000);
        for (const [index, times] of all.entries()) merge.add(index, from(times.map((time) => line(time))));
        merge.close();
        const got: string[] = [];
        for await (const each of merge) got.push(each.time);
        expect(got).toEqual(
          all
            .flat()
            .toSorted((a, b) => a - b)
            .map((time) => line(time).time),
        );
      }),
    );
  });

  test("a silent source does not hold up the others for longer than the window", async () => {
    const merge = mergeLogs<string>(20);
    const silent = live();
    merge.add("silent", silent.lines);
    merge.add("loud", from([line(5, "a"), line(6, "b")]));
    merge.close();
    const got: string[] = [];
    for await (const each of merge) {
      got.push(`${each.source} ${each.text}`);
      if (got.length === 2) silent.end();
    }
    expect(got).toEqual(["loud a", "loud b"]);
  });

  test("sources join while it runs, and tell when they end", async () => {
    const merge = mergeLogs<string>(5);
    const ended: string[] = [];
    merge.ended((source) => void ended.push(source));
    merge.add("first", from([line(1, "one")]));
    const got: string[] = [];
    for await (const each of merge) {
      got.push(each.text);
      if (each.text === "one") {
        merge.add("second", from([line(2, "two")]));
        merge.close();
      }
    }
    expect(got).toEqual(["one", "two"]);
    expect(ended).toEqual(["first", "second"]);
  });

  test("what nobody takes is not read", async () => {
    let read = 0;
    async function* endless(): AsyncGenerator<LogLine> {
      for (;;) yield line(read++);
    }
    const merge = mergeLogs<string>(5);
    merge.add("endless", endless());
    let taken = 0;
    for await (const _ of merge) {
      taken += 1;
      await new Promise((settle) => setImmediate(settle));
      if (taken === 10) break;
    }
    expect(read).toBeLessThanOrEqual(12);
  });

  test("a source that fails ends the stream with its error", async () => {
    const merge = mergeLogs<string>(5);
    merge.add(
      "bad",
      (async function* bad(): AsyncGenerator<LogLine> {
        yield line(1);
        throw new Error("the engine is gone");
      })(),
    );
    await expect(async () => {
      for await (const _ of merge) {
        // taken
      }
    }).rejects.toThrow("the engine is gone");
  });
});
