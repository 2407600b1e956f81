// Broken and odd files for as many seconds as FUZZ_SECONDS says (2 when it says nothing): the loader must answer each
// with a project or with mistakes, never with an error of its own, and never take long.
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";

import { loadProject } from "../../src/loader/project.ts";
import { ProjectError } from "../../src/model/error.ts";
import { formatDiagnostics } from "../../src/render/diagnostic.ts";
import { cpuTime } from "../harness/cpu-time.ts";

const seconds = Number(process.env["FUZZ_SECONDS"] ?? "2");
const examples = path.resolve(import.meta.dirname, "../../examples");

let folder: string;
let seeds: readonly string[];
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tscompose-fuzz-"));
  const names = (await readdir(examples, { recursive: true })).filter((name) => /compose.*\.ya?ml$/.test(name));
  seeds = await Promise.all(
    names.filter((name) => !name.includes("node_modules")).map((name) => readFile(path.join(examples, name), "utf8")),
  );
});
afterAll(() => rm(folder, { recursive: true }));

/** Pieces that mean something to a parser of the format. */
const pieces = [
  ...Array.from("{}[]:,-#&*!|>'\"%@`$\n\t \\"),
  "<<: *a",
  "&a ",
  "*a",
  "!reset ",
  "!override ",
  "---\n",
  "${A:-",
  "${",
  "$$",
  "}",
  "\n  ",
  "\n    ",
  "? ",
  "null",
  "~",
  "0x1F",
  "010",
  "services:\n",
  "extends: web\n",
  "include: [x]\n",
  "__proto__: ",
  "80:80",
  "1-2:3",
  "\u0000",
  "\uFEFF",
  "\u2028",
  "é",
  "🦆",
];

interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

function mutate(seed: string, edits: readonly Edit[]): string {
  let text = seed;
  for (const { at, remove, insert } of edits) {
    const position = Math.floor(at * (text.length + 1));
    text = text.slice(0, position) + insert + text.slice(position + remove);
  }
  return text;
}

test("whatever the file, the answer is a project or its mistakes", { timeout: seconds * 1000 + 60_000 }, async () => {
  const file = path.join(folder, "compose.yaml");
  const edit = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.integer({ min: 0, max: 30 }),
    insert: fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 5 })),
  });
  const text = fc
    .tuple(fc.nat(), fc.array(edit, { minLength: 1, maxLength: 6 }))
    .map(([which, edits]) => mutate(seeds[which % seeds.length] ?? "", edits));
  let answered = 0;
  const property = fc.asyncProperty(text, async (content) => {
    await writeFile(file, content);
    const start = cpuTime();
    try {
      await loadProject({ cwd: folder, environment: new Map(), files: [file] });
    } catch (error) {
      if (!(error instanceof ProjectError)) throw error;
      expect(error.diagnostics.length).toBeGreaterThan(0);
      expect(formatDiagnostics(error.diagnostics, { colour: false, cwd: folder })).not.toBe("");
    }
    expect(cpuTime() - start).toBeLessThan(10_000);
    answered += 1;
  });
  await fc.assert(property, {
    numRuns: 10_000_000,
    interruptAfterTimeLimit: seconds * 1000,
    markInterruptAsFailure: false,
  });
  expect(answered).toBeGreaterThan(10);
});
