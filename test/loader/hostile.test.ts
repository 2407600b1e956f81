// Files that nobody writes in good faith: each ends in a message, soon, and never in a stack trace.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { loadProject } from "../../src/loader/project.ts";
import { ProjectError } from "../../src/model/error.ts";
import { cpuTime } from "../harness/cpu-time.ts";
import { loadText } from "./load-text.ts";

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(path.join(tmpdir(), "tscompose-hostile-"))));
afterAll(() => rm(folder, { recursive: true }));

/** The first mistake of a file with this content; anything but a ProjectError fails the test. */
async function firstMistake(content: string | Uint8Array): Promise<string> {
  const file = path.join(folder, "compose.yaml");
  await writeFile(file, content);
  try {
    await loadProject({ cwd: folder, environment: new Map(), files: [file] });
    return "no mistakes";
  } catch (error) {
    if (!(error instanceof ProjectError)) throw error;
    return error.message;
  }
}

const alias = (name: string): string => Array.from({ length: 9 }, () => `*${name}`).join(",");
const bomb = `x-a: &a [${Array.from({ length: 9 }, () => "lol").join(",")}]\n${"b c d e f g h i j k l m"
  .split(" ")
  .map((name, index) => `x-${name}: &${name} [${alias(String.fromCodePoint(97 + index))}]\n`)
  .join("")}services: {}\n`;
const binary = Uint8Array.from({ length: 25_600 }, (_, index) => index % 256);

test.each<[string, string | Uint8Array, RegExp]>([
  ["an alias bomb", bomb, /aliases repeat more than/],
  ["an alias inside of its own anchor", "x-a: &a {b: *a}\nservices: {}\n", /a.*(itself|cycle|inside)/i],
  ["lists in lists, 10,000 deep", `services:\n  a: ${"[".repeat(10_000)}${"]".repeat(10_000)}\n`, /nested too deeply/],
  [
    "mappings in mappings, 2,500 deep",
    Array.from({ length: 2500 }, (_, depth) => `${" ".repeat(depth)}a:\n`).join(""),
    /nested too deeply/,
  ],
  ["flow mappings, 10,000 deep", `services: ${"{a: ".repeat(10_000)}1${"}".repeat(10_000)}\n`, /nested too deeply/],
  ["an enormous file", `services: {a: {image: x, command: "${"x".repeat(100_000_000)}"}}\n`, /is larger than/],
  ["a NUL", 'services:\n  a:\n    image: "x\0y"\n', /control character U\+0000/],
  ["binary data", binary, /not valid UTF-8/],
  [
    "half a character",
    Uint8Array.from([...Buffer.from("services: {a: {image: '"), 0xff, 0x27, 0x7d, 0x7d]),
    /not valid UTF-8/,
  ],
  ["nothing", "", /empty/],
  ["a list", "- a\n- b\n", /mapping/],
  ["a circle of extends", "services: {a: {image: x, extends: b}, b: {extends: c}, c: {extends: a}}\n", /a → b → c → a/],
  ["a file that includes itself", "include: [compose.yaml]\nservices: {a: {image: x}}\n", /include cycle/],
  ["an env file that is a folder", "services: {a: {image: x, env_file: /etc}}\n", /is a folder/],
  ["a deep interpolation", `services: {a: {image: "${"${A:-".repeat(5000)}x${"}".repeat(5000)}"}}\n`, /./],
  [
    "a hundred thousand keys",
    `services: {a: {image: x, labels: {${Array.from({ length: 100_000 }, (_, n) => `k${n}: v`).join(", ")}}}}\n`,
    /no mistakes/,
  ],
])("%s", { timeout: 120_000 }, async (_, content, message) => {
  const start = cpuTime();
  expect(await firstMistake(content)).toMatch(message);
  // What is quadratic takes minutes.
  expect(cpuTime() - start).toBeLessThan(15_000);
});

test("names of JavaScript's own are names like others", async () => {
  const { project } = await loadText(
    "services:\n  __proto__: {image: x, environment: {__proto__: '1', constructor: '2'}}\n  constructor: {image: y, depends_on: [__proto__]}\n",
  );
  expect([...project.services.keys()]).toEqual(["__proto__", "constructor"]);
  expect([...(project.services.get("__proto__")?.environment ?? [])]).toEqual([
    ["__proto__", "1"],
    ["constructor", "2"],
  ]);
  expect([...(project.services.get("constructor")?.depends_on?.keys() ?? [])]).toEqual(["__proto__"]);
  expect(Object.keys(Object.prototype)).toEqual([]);
});
