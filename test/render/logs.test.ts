import { describe, expect, test } from "vitest";

import type { Output, OutputLine, OutputSource } from "../../src/model/output.ts";
import { type LogFormat, logFormatter } from "../../src/render/logs.ts";

const web: OutputSource = { id: "1", name: "shop-web-1", service: "web", label: "web-1" };
const database: OutputSource = { id: "2", name: "shop-database-1", service: "database", label: "database-1" };
const plain: LogFormat = { colour: false, prefix: true, timestamps: false, json: false };

const out = (text: string): OutputLine => ({ stream: "stdout", time: "2026-01-01T00:00:00.000000001Z", text });
const err = (text: string): OutputLine => ({ ...out(text), stream: "stderr" });
const lines = (source: OutputSource, ...all: OutputLine[]): Output => ({ kind: "lines", source, lines: all });

function written(format: Partial<LogFormat>, ...outputs: Output[]): string {
  const write = logFormatter({ ...plain, ...format });
  return outputs
    .flatMap((output) => write(output))
    .map(({ stream, text }) => text.replaceAll(/^/gm, stream === "stderr" ? "2> " : "1> ").replace(/[12]> $/, ""))
    .join("");
}

const session: Output[] = [
  { kind: "attaching", sources: [web, database] },
  lines(web, out("hello"), err("oops"), out("")),
  lines(database, out("ready")),
  { kind: "exited", source: web, code: 3, restarting: true },
  { kind: "exited", source: database, code: 0, restarting: false },
  { kind: "unreadable", source: web, message: "the driver keeps nothing" },
];

describe("lines of containers", () => {
  test("the column is straight from the first line on when the names are known; stderr stays apart", () => {
    expect(written({}, ...session)).toMatchInlineSnapshot(`
      "1> Attaching to web-1, database-1
      1> web-1       | hello
      2> web-1       | oops
      1> web-1       | 
      1> database-1  | ready
      1> web-1 exited with code 3 (restarting)
      1> database-1 exited with code 0
      2> warning: the logs of web-1 cannot be read: the driver keeps nothing
      "
    `);
  });

  test("who was not known widens the column", () => {
    expect(written({}, lines(web, out("a")), lines(database, out("b")), lines(web, out("c")))).toMatchInlineSnapshot(`
      "1> web-1  | a
      1> database-1  | b
      1> web-1       | c
      "
    `);
  });

  test("without prefix, with times", () => {
    expect(written({ prefix: false, timestamps: true }, lines(web, out("a"), err("b")))).toMatchInlineSnapshot(`
      "1> 2026-01-01T00:00:00.000000001Z a
      2> 2026-01-01T00:00:00.000000001Z b
      "
    `);
  });

  test("as data; what is JSON itself can be queried", () => {
    expect(
      written(
        { json: true },
        ...session.slice(0, 2),
        lines(web, out('{"level":"warn"}'), out("{no")),
        ...session.slice(3, 4),
      ),
    ).toMatchInlineSnapshot(`
      "1> {"time":"2026-01-01T00:00:00.000000001Z","service":"web","container":"shop-web-1","stream":"stdout","text":"hello"}
      1> {"time":"2026-01-01T00:00:00.000000001Z","service":"web","container":"shop-web-1","stream":"stderr","text":"oops"}
      1> {"time":"2026-01-01T00:00:00.000000001Z","service":"web","container":"shop-web-1","stream":"stdout","text":""}
      1> {"time":"2026-01-01T00:00:00.000000001Z","service":"web","container":"shop-web-1","stream":"stdout","text":"{\\"level\\":\\"warn\\"}","data":{"level":"warn"}}
      1> {"time":"2026-01-01T00:00:00.000000001Z","service":"web","container":"shop-web-1","stream":"stdout","text":"{no"}
      1> {"service":"web","container":"shop-web-1","exitCode":3,"restarting":true}
      "
    `);
  });

  test("each container has a colour of its own, and keeps it", () => {
    const text = written({ colour: true }, lines(web, out("a")), lines(database, out("b")), lines(web, out("c")));
    expect(text).toMatchInlineSnapshot(`
      "1> [36mweb-1  | [0ma
      1> [33mdatabase-1  | [0mb
      1> [36mweb-1       | [0mc
      "
    `);
  });
});
