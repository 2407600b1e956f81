import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { openTree, type WatchedTree } from "../../../src/actions/watch/tree.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "tree-"));
  sh("mkdir -p src/a/b; echo 1 > src/a/b/f; echo 1 > src/x; ln -s x src/l");
});

afterEach(() => rm(folder, { recursive: true }));

function sh(script: string): void {
  execFileSync("sh", ["-c", script], { cwd: folder });
}

/** What is found after the script, when these folders were hinted at. */
async function after(tree: WatchedTree, script: string, ...hints: readonly string[]): Promise<readonly string[]> {
  sh(script);
  for (const hint of hints) tree.touch(path.join(folder, hint));
  return (await tree.changes()).map(({ kind, path }) => `${kind} ${path}`.trim()).sort();
}

const open = (root = "src", wants: (path: string) => boolean = () => true): Promise<WatchedTree> =>
  openTree(path.join(folder, root), wants);

test("a hint is only a hint: what is the same is no change", async () => {
  const tree = await open();
  expect(await after(tree, "", "src", "src/a", "src/a/b", "src/nosuch/x")).toEqual([]);
  expect(await after(tree, "echo t > src/t; rm src/t", "src")).toEqual([]);
  expect([...tree.paths()].sort()).toEqual(["a", "a/b", "a/b/f", "l", "x"]);
});

test.each([
  ["content", "echo 2 > src/a/b/f", ["src/a/b"], ["written a/b/f"]],
  ["content of the same length and time", "touch -r src/x t; echo 2 > src/x; touch -r t src/x", ["src"], ["written x"]],
  ["mode", "chmod 700 src/a src/x", ["src"], ["written a", "written x"]],
  ["another target of a link", "ln -sfn a src/l", ["src"], ["written l"]],
  [
    "a rename",
    "mv src/a src/c",
    ["src"],
    ["removed a", "removed a/b", "removed a/b/f", "written c", "written c/b", "written c/b/f"],
  ],
  ["a folder in place of a file", "rm src/x; mkdir src/x; echo > src/x/y", ["src"], ["replaced x", "written x/y"]],
  ["a file in place of a folder", "rm -r src/a; echo > src/a", ["src"], ["removed a/b", "removed a/b/f", "replaced a"]],
  [
    "another folder of the same name",
    "mv src/a old; mkdir -p src/a/b; echo 2 > src/a/b/g",
    ["src"],
    ["removed a/b/f", "written a/b/g"],
  ],
  [
    "in a folder that is new itself",
    "mkdir -p src/n/m; echo > src/n/m/f",
    ["src/n/m"],
    ["written n", "written n/m", "written n/m/f"],
  ],
  ["in a folder that is gone", "rm -r src/a", ["src/a/b"], ["removed a", "removed a/b", "removed a/b/f"]],
  ["the root", "rm -r src", ["."], ["removed a", "removed a/b", "removed a/b/f", "removed l", "removed x"]],
  [
    "a file for the root",
    "rm -r src; echo > src",
    ["."],
    ["removed a", "removed a/b", "removed a/b/f", "removed l", "removed x", "replaced"],
  ],
])("%s", async (_, script, hints, expected) => {
  const tree = await open();
  expect(await after(tree, script, ...hints)).toEqual(expected);
  expect(await after(tree, "", ...hints)).toEqual([]);
});

test("only what was touched is looked at; it is found when it is touched later", async () => {
  const tree = await open();
  expect(await after(tree, "echo 2 > src/x; echo 2 > src/a/b/f", "src/a/b")).toEqual(["written a/b/f"]);
  expect(await after(tree, "", "src")).toEqual(["written x"]);
});

test("a root that comes back, or comes to be", async () => {
  const tree = await open();
  await after(tree, "mv src away", ".");
  expect(await after(tree, "mkdir src; echo > src/f", ".")).toEqual(["written f"]);
  const late = await open("not/yet");
  expect(await after(late, "mkdir -p not/yet; echo > not/yet/f", ".")).toEqual(["written f"]);
});

test("a single file", async () => {
  const tree = await open("src/x");
  expect(await after(tree, "echo 22 > src/x", "src")).toEqual(["written"]);
  expect(await after(tree, "rm src/x", "src")).toEqual(["removed"]);
  expect(await after(tree, "echo 3 > src/x", "src")).toEqual(["written"]);
});

test("what nobody wants is not even looked into", async () => {
  const tree = await open("src", (at) => !at.startsWith("a/b"));
  expect(await after(tree, "echo 2 > src/a/b/f; rm -r src/a/b; echo 2 > src/x", "src", "src/a", "src/a/b")).toEqual([
    "written x",
  ]);
});

test("folders that are new are named once", async () => {
  const tree = await open();
  await after(tree, "mkdir -p src/n/m", "src");
  expect(tree.newFolders().map((each) => path.relative(folder, each))).toEqual(["src/n", "src/n/m"]);
  expect(tree.newFolders()).toEqual([]);
});
