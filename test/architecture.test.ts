// docs/architecture.md as data: a rule that runs cannot rot. To change the architecture, change these tables.
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import path from "node:path";

import { describe, expect, test } from "vitest";

const src = path.resolve(import.meta.dirname, "../src");

/** Who may import whom, besides itself: folders ("model/") and single files. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  "model/": [],
  "loader/": ["model/"],
  "planner/": ["model/"],
  "executor/": ["model/", "engine/engine.ts"],
  "engine/": ["model/"],
  "actions/": ["model/", "loader/", "planner/", "executor/", "engine/"],
  "render/": ["model/"],
  "cli/": ["model/", "actions/", "render/"],
  "library/": ["model/", "actions/", "loader/options.ts", "engine/connect.ts", "engine/engine.ts"],
  // What goes wrong is shown by a test runner, which shows messages only.
  "testing/": [
    "model/",
    "library/",
    "actions/down.ts",
    "engine/connect.ts",
    "engine/engine.ts",
    "render/diagnostic.ts",
    "render/failure.ts",
  ],
  // What programs may use: the library, and the parts that it is made of.
  "index.ts": ["model/", "library/", "actions/", "loader/", "planner/", "executor/", "engine/", "render/"],
};

/** One dependency, one door: package → where it may be imported. */
const doors: Readonly<Record<string, readonly string[]>> = {
  // Reads compose.ts; see "Decisions" in docs/architecture.md.
  "@sveltejs/acorn-typescript": ["loader/code/"],
  acorn: ["loader/code/"],
  chokidar: ["actions/watch/folders.ts"],
  commander: ["cli/"],
  "docker-modem": ["engine/"],
  dockerode: ["engine/"],
  listr2: ["render/tty.ts"],
  // The agent's protocol and key files; dockerode brings it anyway.
  ssh2: ["engine/buildkit/key-agent.ts"],
  "tar-stream": ["engine/", "executor/", "actions/"],
  toposort: ["planner/order.ts"],
  vitest: ["testing/vitest.ts"],
  yaml: ["loader/"],
};

/** Folders that do nothing but compute. */
const pure: readonly string[] = ["model/", "planner/"];

/** Words that the code of a place must not contain, and why. */
const forbiddenWords: readonly { readonly at: RegExp; readonly words: RegExp; readonly why: string }[] = [
  {
    at: /^(model|planner)\//,
    words: /\b(async|await|Promise|process|console|fetch|setTimeout|new Date|Date\.now|Math\.random)\b/,
    why: "planning is pure and synchronous",
  },
  {
    at: /^(?!cli\/|render\/)/,
    words: /\bprocess\.(exit|exitCode|stdout|stderr|stdin|argv)\b|\bconsole\./,
    why: "the library neither prints nor exits",
  },
];

/** By scripts/schema.mjs, as long as the schema is. */
const written = ["model/compose-document.ts"];

const files: readonly SourceFile[] = readdirSync(src, { recursive: true, encoding: "utf8" })
  .map((name) => name.replaceAll("\\", "/"))
  .filter((name) => name.endsWith(".ts") && !name.startsWith("loader/generated/") && !written.includes(name))
  .sort()
  .map((name) => {
    const text = readFileSync(path.join(src, name), "utf8");
    const code = withoutComments(text);
    return { name, code, imports: importsOf(name, code) };
  });

interface SourceFile {
  /** Relative to src. */
  readonly name: string;
  /** Without comments. */
  readonly code: string;
  /** Own files relative to src, packages by their names, Node's modules with "node:". */
  readonly imports: readonly string[];
}

describe("imports", () => {
  test("folders import only what the table says", () => {
    expect(violations((file, target) => isOwn(target) && !mayReach(file.name, target))).toEqual([]);
  });

  test("each dependency has its door", () => {
    const isElsewhere = (file: SourceFile, target: string): boolean =>
      !isOwn(target) && !target.startsWith("node:") && !within(file.name, doors[packageName(target)] ?? []);
    expect(violations(isElsewhere)).toEqual([]);
  });

  test("pure folders use none of Node's modules", () => {
    expect(violations((file, target) => target.startsWith("node:") && within(file.name, pure))).toEqual([]);
  });

  test("Node's modules are imported by their full names", () => {
    expect(violations((_, target) => builtinModules.includes(target))).toEqual([]);
  });
});

describe("files", () => {
  test("stay on a few screens: at most 300 lines of code", () => {
    const long = files.map(({ name, code }) => ({
      name,
      lines: code.split("\n").filter((line) => line.trim()).length,
    }));
    expect(long.filter(({ lines }) => lines > 300)).toEqual([]);
  });

  test("have named exports only", () => {
    expect(files.filter(({ code }) => /^export default\b/m.test(code)).map(({ name }) => name)).toEqual([]);
  });

  test("lie in folders named after what they are about", () => {
    const vague = /(^|\/)(utils?|lib|common|helpers?|interfaces|constants)(\/|\.ts$)/;
    expect(files.filter(({ name }) => vague.test(name)).map(({ name }) => name)).toEqual([]);
  });

  test.each(forbiddenWords)("$why", ({ at, words }) => {
    const found = files.filter(({ name, code }) => at.test(name) && words.test(withoutStrings(code)));
    expect(found.map(({ name, code }) => `${name}: ${words.exec(withoutStrings(code))?.[0] ?? ""}`)).toEqual([]);
  });
});

test("the tables name nothing that is gone", () => {
  const isThere = (place: string): boolean => files.some(({ name }) => within(name, [place]));
  const places = [...Object.entries(mayImport).flat(2), ...Object.values(doors).flat(), ...pure];
  expect(places.filter((place) => !isThere(place))).toEqual([]);
  const isUsed = ([target, at]: readonly [string, readonly string[]]): boolean =>
    files.some(({ name, imports }) => within(name, at) && imports.some((each) => packageName(each) === target));
  expect(Object.entries(doors).filter((door) => !isUsed(door))).toEqual([]);
});

test("the rules see something", () => {
  expect(files.length).toBeGreaterThan(50);
  expect(mayReach("planner/up.ts", "engine/docker.ts")).toBe(false);
  const code = `import x from "yaml/dist/x";
export type { Y } from "./y.ts";
const hint = 'remove it from "ports"';
await import("../actions/up.ts");`;
  expect(importsOf("cli/main.ts", code)).toEqual(["yaml/dist/x", "cli/y.ts", "actions/up.ts"]);
});

function violations(isWrong: (file: SourceFile, target: string) => boolean): readonly string[] {
  return files.flatMap((file) =>
    file.imports.filter((target) => isWrong(file, target)).map((target) => `${file.name} imports ${target}`),
  );
}

function mayReach(from: string, target: string): boolean {
  const place = placeOf(from);
  return within(target, [place, ...(mayImport[place] ?? [])]);
}

function within(name: string, places: readonly string[]): boolean {
  return places.some((place) => (place.endsWith("/") ? name.startsWith(place) : name === place));
}

function placeOf(name: string): string {
  return name.includes("/") ? name.slice(0, name.indexOf("/") + 1) : name;
}

function isOwn(target: string): boolean {
  return /\.(ts|js|json)$/.test(target) && !/^(@[^/]+\/)?[^/]+\/dist\//.test(target);
}

function packageName(target: string): string {
  return target.split("/", target.startsWith("@") ? 2 : 1).join("/");
}

function importsOf(name: string, code: string): readonly string[] {
  // Between the word and what it imports there is no quote: 'remove it from "ports"' is a message.
  const statements = /^(?:import|export)\b(?:[^"'`;]*\bfrom)?\s+"([^"\s]+)"|(?<![.\w])import\(\s*"([^"\s]+)"/gm;
  const specifiers = [...code.matchAll(statements)].map(([, written, loaded]) => written ?? loaded ?? "");
  return specifiers.map((each) => (each.startsWith(".") ? path.posix.join(path.posix.dirname(name), each) : each));
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[^]*?\*\/|(?<=^|\s)\/\/.*$/gm, "");
}

function withoutStrings(code: string): string {
  return code.replaceAll(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/(?:[^/\\\n]|\\.)+\/[gimsuy]*/g, '""');
}
