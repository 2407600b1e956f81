import { PassThrough } from "node:stream";

import { describe, expect, test } from "vitest";

import type { ProgressEvent } from "../../src/model/event.ts";
import { jsonLine } from "../../src/render/json.ts";
import { plainFormatter } from "../../src/render/plain.ts";
import { makeRenderer, type ProgressStyle } from "../../src/render/renderer.ts";
import { nextRows, type Rows } from "../../src/render/rows.ts";
import { begin, done, failed, failure, progress, skipped, started, success } from "./events-of.ts";

function plain(events: readonly ProgressEvent[]): string {
  return events.map(plainFormatter(false)).join("");
}

/** A terminal as a renderer sees it: 100 columns wide, and somebody who reads along. */
function fakeTerminal(): { readonly stream: NodeJS.WriteStream; readonly written: () => string } {
  const chunks: string[] = [];
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 100, rows: 30 });
  stream.on("data", (chunk: Buffer) => chunks.push(chunk.toString()));
  return { stream: stream as unknown as NodeJS.WriteStream, written: () => chunks.join("") };
}

async function show(style: ProgressStyle, events: readonly ProgressEvent[]): Promise<string> {
  const { stream, written } = fakeTerminal();
  const renderer = await makeRenderer(style, { colour: false, isInteractive: () => false, stream });
  for (const event of events) renderer.onEvent(event);
  await renderer.close();
  await new Promise((settle) => setImmediate(settle));
  return written();
}

/** What stays on the screen: the last frame, and whatever was written before and behind it. */
function screen(written: string): string {
  const lines: string[] = [];
  for (const part of written.split(/(\u001B\[2K\u001B\[1A|\u001B\[2K\u001B\[G|\n)/)) {
    if (part === "\u001B[2K\u001B[1A") lines.splice(-2, 2, "");
    else if (part === "\u001B[2K\u001B[G") lines.splice(-1, 1, "");
    else if (part === "\n") lines.push("");
    else lines.push((lines.pop() ?? "") + part.replaceAll(/\u001B\[[?\d;]*[a-z]/gi, ""));
  }
  return lines.join("\n");
}

describe("in a pipe", () => {
  test("what is left out, or has failed, is said once, however many steps it would have been", () => {
    const out = (id: number): ProgressEvent => skipped(id, "container shop-db-1", 3);
    const lines = plain([started, begin(2, "Starting", 1), failed(2, "no", 2), ...[3, 4, 5].map(out)]).split("\n");
    expect(lines.filter((line) => line.includes("Error") || line.includes("Skipped"))).toMatchInlineSnapshot(`
      [
        " Container shop-db-1  Error no",
        " Container shop-web-1  Skipped: container shop-db-1 failed",
      ]
    `);
  });

  test("one line an event, in docker compose's words", () => {
    expect(plain(success)).toMatchInlineSnapshot(`
      "warning: the volume is shared
       Network shop_default  Exists
       Container shop-db-1  Creating
       Container shop-web-1  Creating
       Container shop-db-1  Created
       Container shop-db-1  Starting
       Container shop-web-1  Created
       Container shop-db-1  Started
       Container shop-db-1  Waiting
       Container shop-db-1  health check 1: connection refused
       Container shop-db-1  Healthy
       Container shop-web-1  Starting
       Container shop-web-1  Started
      "
    `);
  });

  test("a failure and what it kept from happening", () => {
    expect(plain(failure)).toMatchInlineSnapshot(`
      " Container shop-db-1  Creating
       Container shop-db-1  Created
       Container shop-db-1  Starting
       Container shop-db-1  Started
       Container shop-db-1  Waiting
       Container shop-db-1  Error container shop-db-1 is unhealthy
       Container shop-web-1  Skipped: container shop-db-1 failed
      "
    `);
  });

  test("amounts are said now and then, build output line by line", () => {
    const amount = { current: 1, total: 2 };
    const events = [
      begin(1, "Pulling", 0),
      progress(1, "1 of 4 MB", 100, amount),
      progress(1, "2 of 4 MB", 2100, amount),
      progress(1, "3 of 4 MB", 2200, amount),
      progress(1, "#1 RUN make\ncc -o x", 2300),
      done(1, "Pulled", 2400),
    ];
    expect(plain(events)).toMatchInlineSnapshot(`
      " Container shop-db-1  Pulling
       Container shop-db-1  2 of 4 MB
       Container shop-db-1  #1 RUN make
       Container shop-db-1  cc -o x
       Container shop-db-1  Pulled
      "
    `);
  });
});

describe("for programs", () => {
  test("one object a line, with docker compose's id and status", () => {
    const lines = success.map((event) => JSON.parse(jsonLine(event)) as Record<string, unknown>);
    expect(lines.filter((line) => "id" in line).map(({ id, status }) => `${String(id)} ${String(status)}`)).toEqual([
      "Network shop_default Exists",
      "Container shop-db-1 Creating",
      "Container shop-web-1 Creating",
      "Container shop-db-1 Created",
      "Container shop-db-1 Starting",
      "Container shop-web-1 Created",
      "Container shop-db-1 Started",
      "Container shop-db-1 Waiting",
      "Container shop-db-1 Working",
      "Container shop-db-1 Healthy",
      "Container shop-web-1 Starting",
      "Container shop-web-1 Started",
    ]);
    expect(lines.map(({ kind }) => kind)).toEqual(success.map(({ kind }) => kind));
  });
});

describe("quiet", () => {
  test("warnings only", async () => {
    expect(await show("quiet", success)).toBe("warning: the volume is shared\n");
  });
});

describe("rows", () => {
  function after(events: readonly ProgressEvent[]): string[] {
    let rows: Rows = new Map();
    for (const event of events) rows = nextRows(rows, event);
    return [...rows.values()].map(({ title, state, status, detail }) => [title, state, status, detail].join("|"));
  }

  test("a row is done when all steps about its resource are", () => {
    expect(after([started])).toEqual(["Container shop-db-1|waiting||", "Container shop-web-1|waiting||"]);
    expect(after(success.slice(0, 6))).toEqual([
      "Container shop-db-1|running|Created|",
      "Container shop-web-1|running|Creating|",
    ]);
    expect(after(success.slice(0, 11))).toEqual([
      "Container shop-db-1|running|Waiting|health check 1: connection refused",
      "Container shop-web-1|running|Created|",
    ]);
    expect(after(success)).toEqual(["Container shop-db-1|done|Healthy|", "Container shop-web-1|done|Started|"]);
  });

  test("a failed row stays failed, and what came after it is skipped", () => {
    expect(after(failure)).toEqual([
      "Container shop-db-1|failed|Error|",
      "Container shop-web-1|skipped|Skipped: container shop-db-1 failed|",
    ]);
  });

  test("what a program writes cannot move the cursor", () => {
    const [row] = after([started, begin(1, "Building", 0), progress(1, "one\r\n\u001B[2Atwo\u0007\n\n", 1)]);
    expect(row).toBe("Container shop-db-1|running|Building|two");
  });
});

describe("on a terminal", () => {
  test("what stays is each resource once, with its end", async () => {
    const written = await show("tty", success);
    expect(screen(written)).toMatchInlineSnapshot(`
      "warning: the volume is shared
      ✔ Network shop_default  Exists
      ✔ Container shop-db-1   Healthy  2.5s
      ✔ Container shop-web-1  Started  2.9s
      "
    `);
    expect(written).toMatch(/\u001B\[\?25h[^\u001B]*$/); // the cursor is back
  });

  test("a failure", async () => {
    expect(screen(await show("tty", failure))).toMatchInlineSnapshot(`
      "✖ Container shop-db-1   Error  1.5s
      ↓ Container shop-web-1  Skipped: container shop-db-1 failed
      "
    `);
  });

  test("an interrupted run leaves no row behind that still turns", async () => {
    const written = await show("tty", success.slice(0, 8));
    expect(written).toMatch(/\u001B\[\?25h[^\u001B]*$/);
    expect(screen(written)).toMatch(/↓ Container shop-db-1 {3}Starting .*\n↓ Container shop-web-1 {2}Created /);
  });

  test("where nobody sits the answer is no", async () => {
    const { stream, written } = fakeTerminal();
    const renderer = await makeRenderer("tty", { colour: false, isInteractive: () => false, stream });
    expect(await renderer.ask("Remove it?")).toBe(false);
    expect(written()).toBe("Remove it? no: nobody is there to answer\n");
  });
});
