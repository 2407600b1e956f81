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
  "deploy/": ["model/", "engine/engine.ts"],
  "actions/": ["model/", "loader/", "planner/", "executor/", "engine/", "deploy/"],
  "render/": ["model/"],
  "cli/": ["model/", "actions/", "render/"],
  "library/": ["model/", "actions/", "loader/options.ts", "engine/connect.ts", "engine/engine.ts"],
  "testing/": ["model/", "library/", "actions/down.ts", "engine/connect.ts", "engine/engine.ts"],
  // What programs may use: the library, and the parts that it is made of.
  "index.ts": ["model/", "library/", "actions/", "loader/", "planner/", "executor/", "engine/", "render/"],
};

/** One dependency, one door: package → where it may be imported. */
const doors: Readonly<Record<string, readonly string[]>> = {
  // Reads compose.ts; see "Decisions" in docs/architecture.md.
  "@sveltejs/acorn-typescript": ["loader/code/"],
  acorn: ["loader/code/"],
  ajv: ["loader/"],
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

/** Folders that do nothing but compute; the modules of Node that they may use nevertheless. */
const nodeModules: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  "model/": { "model/hash.ts": ["node:crypto"] },
  "planner/": { "planner/hash.ts": ["node:crypto"] },
};

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
    const isImpure = (file: SourceFile, target: string): boolean => {
      const exceptions = nodeModules[placeOf(file.name)];
      return target.startsWith("node:") && exceptions !== undefined && !exceptions[file.name]?.includes(target);
    };
    expect(violations(isImpure)).toEqual([]);
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

test("the rules see something", () => {
  expect(files.length).toBeGreaterThan(50);
  expect(mayReach("planner/up.ts", "engine/docker.ts")).toBe(false);
  expect(importsOf("cli/main.ts", 'await import("../actions/up.ts"); import x from "yaml/dist/x"')).toEqual([
    "actions/up.ts",
    "yaml/dist/x",
  ]);
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
  const specifiers = [...code.matchAll(/(?<![.\w])(?:from|import)\s*\(?\s*"([^"\s]+)"/g)].map(
    (match) => match[1] ?? "",
  );
  return specifiers.map((each) => (each.startsWith(".") ? path.posix.join(path.posix.dirname(name), each) : each));
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[^]*?\*\/|(?<=^|\s)\/\/.*$/gm, "");
}

function withoutStrings(code: string): string {
  return code.replaceAll(/"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/(?:[^/\\\n]|\\.)+\/[gimsuy]*/g, '""');
}
