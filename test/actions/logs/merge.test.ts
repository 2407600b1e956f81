import fc from "fast-check";
import { describe, expect, test } from "vitest";

import type { LogLine } from "../../../src/actions/logs/lines.ts";
import { type Stretch, mergeLogs } from "../../../src/actions/logs/merge.ts";

const line = (time: number, text = ""): LogLine => ({ stream: "stdout", time: String(time).padStart(6, "0"), text });

async function* from(...batches: readonly (readonly LogLine[])[]): AsyncGenerator<readonly LogLine[]> {
  yield* batches;
}

/** A source that says a line when the test tells it to. */
function live(): { readonly lines: AsyncIterable<readonly LogLine[]>; say(next: LogLine): void; end(): void } {
  const queue: (LogLine | undefined)[] = [];
  let wake: () => void = () => {};
  async function* run(): AsyncGenerator<readonly LogLine[]> {
    for (;;) {
      while (queue.length === 0) await new Promise<void>((settle) => (wake = settle));
      const next = queue.shift();
      if (next === undefined) return;
      yield [next];
    }
  }
  const put = (next: LogLine | undefined): void => {
    queue.push(next);
    wake();
  };
  return { lines: run(), say: put, end: () => put(undefined) };
}

function said<S>({ source, lines }: Stretch<S>): string[] {
  return lines.map(({ text }) => `${String(source)} ${text}`);
}

describe("merged logs", () => {
  test("lines of all sources come in the order of their times, whatever comes together", async () => {
    const times = fc.array(fc.integer({ min: 0, max: 999 })).map((all) => all.toSorted((a, b) => a - b));
    const sizes = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(times, sizes), { maxLength: 6 }), async (all) => {
        const merge = mergeLogs<number>(Number.POSITIVE_INFINITY);
        for (const [index, [of, batches]] of all.entries())
          merge.add(
            index,
            from(
              ...cut(
                of.map((time) => line(time, String(index))),
                batches,
              ),
            ),
          );
        merge.close();
        const got: LogLine[] = [];
        for await (const { source, lines } of merge) {
          expect(lines.every(({ text }) => text === String(source))).toBe(true);
          got.push(...lines);
        }
        const sorted = all.flatMap(([of]) => of).toSorted((a, b) => a - b);
        expect(got.map(({ time }) => time)).toEqual(sorted.map((time) => line(time).time));
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
      got.push(...said(each));
      if (got.length === 2) silent.end();
    }
    expect(got).toEqual(["loud a", "loud b"]);
  });

  test("an older line that comes within the window goes first", async () => {
    const merge = mergeLogs<string>(2000);
    const late = live();
    merge.add("late", late.lines);
    merge.add("early", from([line(5, "five")]));
    merge.close();
    setTimeout(() => {
      late.say(line(4, "four"));
      late.end();
    }, 20);
    const got: string[] = [];
    for await (const each of merge) got.push(...said(each));
    expect(got).toEqual(["late four", "early five"]);
  });

  test("sources join while it runs, and their end comes behind their last line", async () => {
    const merge = mergeLogs<string>(5);
    merge.add("first", from([line(1, "one")]));
    const got: string[] = [];
    for await (const each of merge) {
      got.push(...said(each), ...(each.last ? [`${each.source} ended`] : []));
      if (each.lines[0]?.text === "one") {
        merge.add("second", from([line(2, "two")], [], [line(3, "three")]));
        merge.close();
      }
    }
    expect(got.toSorted()).toEqual(["first ended", "first one", "second ended", "second three", "second two"]);
    expect(got.indexOf("first ended")).toBeGreaterThan(got.indexOf("first one"));
    expect(got.at(-1)).toBe("second ended");
  });

  test("what nobody takes is not read", async () => {
    let read = 0;
    async function* endless(): AsyncGenerator<readonly LogLine[]> {
      for (;;) yield [line(read++)];
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
      (async function* bad(): AsyncGenerator<readonly LogLine[]> {
        yield [line(1)];
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

function cut(lines: readonly LogLine[], sizes: readonly number[]): readonly (readonly LogLine[])[] {
  const batches: (readonly LogLine[])[] = [];
  let at = 0;
  for (const size of sizes) {
    batches.push(lines.slice(at, at + size));
    at += size;
  }
  return [...batches, lines.slice(at)];
}
