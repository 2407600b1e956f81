import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { listTree, readTree, type Selection, type TreeEntry } from "../../../src/engine/buildkit/local-tree.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "tscompose-tree-"))));
afterEach(() => rmSync(folder, { recursive: true }));

function write(...paths: readonly string[]): void {
  for (const path of paths) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), path);
  }
}

async function list(selection: Partial<Selection> = {}): Promise<readonly TreeEntry[]> {
  const entries: TreeEntry[] = [];
  const all = { exclude: [], include: [], follow: [], ...selection };
  for await (const entry of listTree({ kind: "folder", path: folder }, all)) entries.push(entry);
  return entries;
}

async function paths(selection: Partial<Selection> = {}): Promise<readonly string[]> {
  return (await list(selection)).map(({ path }) => path);
}

describe("the list of a folder", () => {
  test("names are in the order of their bytes, and what is in a folder follows it", async () => {
    write("a/b", "a-b", "a.b", "B", "\u{FB01}", "\u{1F40B}", "é");
    expect(await paths()).toEqual(["B", "a", "a/b", "a-b", "a.b", "é", "\u{FB01}", "\u{1F40B}"].toSorted(byBytes));
  });

  test("excluded folders are not told, except when something in them is an exception", async () => {
    write("kept", "out/x", "out/deep/y", "logs/a.log", "logs/keep.log");
    expect(await paths({ exclude: ["out", "**/*.log", "!logs/keep.log"] })).toEqual(["kept", "logs", "logs/keep.log"]);
    expect(await paths({ exclude: ["out", "!out/deep/y", "logs"] })).toEqual(["kept", "out", "out/deep", "out/deep/y"]);
  });

  test("only what was asked for, with the folders that lead to it", async () => {
    write("a/b/c", "a/b/d", "a/e", "f");
    expect(await paths({ follow: ["a/b/c"] })).toEqual(["a", "a/b", "a/b/c"]);
    expect(await paths({ follow: ["a/b"] })).toEqual(["a", "a/b", "a/b/c", "a/b/d"]);
    expect(await paths({ follow: ["*/e", "f"] })).toEqual(["a", "a/e", "f"]);
    expect(await paths({ follow: ["/"] })).toHaveLength(6);
    expect(await paths({ follow: ["nothing"] })).toEqual([]);
  });

  test("symbolic links on the way bring what they lead to, and never lead out", async () => {
    write("real/file", "other/x");
    symlinkSync("real", join(folder, "link"));
    symlinkSync("/other", join(folder, "absolute"));
    symlinkSync("../../../../etc", join(folder, "out"));
    symlinkSync("loop", join(folder, "loop"));
    expect(await paths({ follow: ["link/file"] })).toEqual(["link", "real", "real/file"]);
    expect(await paths({ follow: ["absolute"] })).toEqual(["absolute", "other", "other/x"]);
    expect(await paths({ follow: ["li*"] })).toEqual(["link", "real", "real/file"]);
    expect(await paths({ follow: ["out/passwd"] })).toEqual(["out"]);
    expect(await paths({ follow: ["loop"] })).toEqual(["loop"]);
  });

  test("modes, sizes, times and links are told in Go's words", async () => {
    write("file", "tool", "z");
    chmodSync(join(folder, "file"), 0o640);
    chmodSync(join(folder, "tool"), 0o4755);
    utimesSync(join(folder, "file"), 1, 1_600_000_000.5);
    symlinkSync("file", join(folder, "soft"));
    linkSync(join(folder, "file"), join(folder, "hard"));
    mkdirSync(join(folder, "sticky"));
    chmodSync(join(folder, "sticky"), 0o1777);
    const found = await list();
    expect(found.map(({ path, mode, size, link }) => [path, mode.toString(8), size, link])).toEqual([
      ["file", "640", 4, ""],
      ["hard", "640", 4, "file"],
      ["soft", (2 ** 27 + 0o777).toString(8), 4, "file"],
      ["sticky", (2 ** 31 + 2 ** 20 + 0o777).toString(8), 0, ""],
      ["tool", (2 ** 23 + 0o755).toString(8), 4, ""],
      ["z", "644", 1, ""],
    ]);
    expect(found[0]?.modifiedNs).toBe(1_600_000_000_500_000_000n);
  });
});

test("a file that exists in memory only", async () => {
  const tree = { kind: "file", name: "Dockerfile", content: "FROM scratch" } as const;
  const entries: TreeEntry[] = [];
  for await (const entry of listTree(tree, { exclude: [], include: [], follow: [] })) entries.push(entry);
  expect(entries).toMatchObject([{ path: "Dockerfile", size: 12, content: true }]);
  const read: Uint8Array[] = [];
  for await (const chunk of readTree(tree, { path: "Dockerfile", size: 12 })) read.push(chunk);
  expect(Buffer.concat(read).toString()).toBe("FROM scratch");
});

function byBytes(a: string, b: string): number {
  // A folder's contents come right after it: "/" counts as less than any other character.
  return Buffer.from(a.replaceAll("/", "\0")).compare(Buffer.from(b.replaceAll("/", "\0")));
}
