// What comes out of a container is not trusted: nothing but the target is written, whatever the archive says.
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { type Header, pack } from "tar-stream";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";

import { unpack } from "../../../src/actions/copy/unpack.ts";

type Entry = Partial<Header> & { readonly name: string; readonly content?: string };

/** "outside" lies beside the target, and holds a file that nobody may touch. */
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "unpack-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await mkdir(path.join(folder, "outside"));
  await writeFile(path.join(folder, "outside/file"), "untouched");
});

async function* archiveOf(entries: readonly Entry[]): AsyncGenerator<Uint8Array> {
  const archive = pack();
  for (const { content = "", ...header } of entries) archive.entry(header, content);
  archive.finalize();
  for await (const chunk of archive) if (chunk instanceof Uint8Array) yield chunk;
}

/** Resolves with what was refused, or with "". */
async function put(entries: readonly Entry[], root = "d"): Promise<string> {
  const options = { root, target: path.join(folder, "target"), keepTarget: false, keepOwner: false };
  const skipped: string[] = [];
  const onSkipped = (name: string, what: string): void => void skipped.push(`${name}: ${what}`);
  try {
    await unpack(archiveOf(entries), { ...options, signal: new AbortController().signal, onSkipped });
    return skipped.join();
  } catch (error) {
    return String(error).replaceAll(folder, "");
  }
}

/** Everything below the folder but the target's own content. */
async function elsewhere(): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  expect(await readFile(path.join(folder, "outside/file"), "utf8")).toBe("untouched");
  return names.filter((name) => !name.startsWith("target")).toSorted();
}

const untouched = ["outside", "outside/file"];
const isOutside = /outside of what was asked for/;

describe("refused", () => {
  test.each<[string, readonly Entry[]]>([
    ["a way up", [{ name: "d/../../outside/file", content: "x" }]],
    ["a way up at once", [{ name: "../outside/file", content: "x" }]],
    ["a way up and back", [{ name: "d/../d/x", content: "x" }]],
    ["an absolute path", [{ name: "/tmp/unpack-absolute", content: "x" }]],
    [
      "another name beside what was asked for",
      [
        { name: "d", type: "directory" },
        { name: ".bashrc", content: "x" },
      ],
    ],
    ["a name that only starts like it", [{ name: "dd", content: "x" }]],
    ["a hard link up", [{ name: "d/x", type: "link", linkname: "../outside/file" }]],
    ["an absolute hard link", [{ name: "d/x", type: "link", linkname: "/etc/passwd" }]],
    ["a hard link to another name", [{ name: "d/x", type: "link", linkname: "outside/file" }]],
  ])("%s", async (_, entries) => {
    expect(await put(entries)).toMatch(isOutside);
    expect(await elsewhere()).toEqual(untouched);
  });

  test.each<[string, string]>([
    ["relative", "../outside"],
    ["absolute", "/outside"],
  ])("a %s link, then a file through it", async (_, to) => {
    const linkname = to.startsWith("/") ? path.join(folder, to) : to;
    const said = await put([
      { name: "d/link", type: "symlink", linkname },
      { name: "d/link/file", content: "x" },
    ]);
    expect(said).toBe("UsageError: /target/link is a link, and what was to be written below it would land elsewhere");
    expect(await elsewhere()).toEqual(untouched);
  });

  test("a link, then a folder or a hard link through it", async () => {
    const link: Entry = { name: "d/link", type: "symlink", linkname: "../outside" };
    expect(await put([link, { name: "d/link/new", type: "directory" }])).toMatch(/is a link/);
    expect(await put([link, { name: "d/link", type: "directory", mode: 0o700 }])).toMatch(/is a link/);
    expect(await put([link, { name: "d/x", type: "link", linkname: "d/link/file" }])).toMatch(/is a link/);
    expect(await elsewhere()).toEqual(untouched);
  });

  test("a link that lay there before is not gone through either", async () => {
    await mkdir(path.join(folder, "target"));
    await symlink("../outside", path.join(folder, "target/link"));
    expect(await put([{ name: "d/link/file", content: "x" }])).toMatch(/is a link/);
    expect(await elsewhere()).toEqual(untouched);
  });

  test("what is cut off, and what is no archive", async () => {
    const cut = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of archiveOf([{ name: "d", content: "x".repeat(5000) }])) yield chunk.subarray(0, 400);
    };
    const options = { root: "d", target: path.join(folder, "target"), keepTarget: false, keepOwner: false };
    const rest = { ...options, signal: new AbortController().signal, onSkipped: () => {} };
    await expect(unpack(cut(), rest)).rejects.toThrow("archive is damaged");
    await expect(unpack([Buffer.alloc(2048, "x")].values() as never, rest)).rejects.toThrow("archive is damaged");
  });
});

describe("replaced, not followed", () => {
  test("a link at the place of a file", async () => {
    const said = await put([
      { name: "d/x", type: "symlink", linkname: "../outside/file" },
      { name: "d/x", content: "mine" },
    ]);
    expect(said).toBe("");
    expect(await readFile(path.join(folder, "target/x"), "utf8")).toBe("mine");
    expect((await lstat(path.join(folder, "target/x"))).isFile()).toBe(true);
    expect(await elsewhere()).toEqual(untouched);
  });

  test("a hard link to a link, then a file", async () => {
    await put([
      { name: "d/x", type: "symlink", linkname: "../outside/file" },
      { name: "d/y", type: "link", linkname: "d/x" },
      { name: "d/y", content: "mine" },
    ]);
    expect(await readFile(path.join(folder, "target/y"), "utf8")).toBe("mine");
    expect(await elsewhere()).toEqual(untouched);
  });
});

describe("kept", () => {
  test("links that lead anywhere, as links; modes and times; hard links as one file", async () => {
    const mtime = new Date("2020-01-02T03:04:05Z");
    const said = await put([
      { name: "d/", type: "directory", mode: 0o555, mtime },
      { name: "d/up", type: "symlink", linkname: "../../x" },
      { name: "d/file", mode: 0o640, mtime, content: "one" },
      { name: "d/same", type: "link", linkname: "d/file" },
      { name: "d/ünï cödé \n", content: "two" },
      { name: `d/${"long/".repeat(60)}x`, content: "three" },
    ]);
    expect(said).toBe("");
    const at = (name: string): string => path.join(folder, "target", name);
    expect(await readlink(at("up"))).toBe("../../x");
    expect(await readFile(at("ünï cödé \n"), "utf8")).toBe("two");
    expect(await readFile(at(`${"long/".repeat(60)}x`), "utf8")).toBe("three");
    const [file, same, top] = await Promise.all([stat(at("file")), stat(at("same")), stat(at("."))]);
    expect({ mode: file.mode & 0o777, mtime: file.mtime, same: same.ino === file.ino }).toEqual({
      mode: 0o640,
      mtime,
      same: true,
    });
    expect({ mode: top.mode & 0o777, mtime: top.mtime }).toEqual({ mode: 0o555, mtime });
  });

  test("a program does not run as its new owner", async () => {
    await put([{ name: "d/su", mode: 0o6755, content: "x" }]);
    expect((await stat(path.join(folder, "target/su"))).mode & 0o7777).toBe(0o755);
  });

  test("devices are left out, and said to be", async () => {
    const said = await put([{ name: "d/null", type: "character-device", devmajor: 1, devminor: 3 }]);
    expect(said).toBe("d/null: character-device");
  });

  test("no folder is replaced by a file, no file by a folder", async () => {
    const both = [
      { name: "d/x", type: "directory" },
      { name: "d/x", content: "x" },
    ] as const;
    expect(await put(both)).toBe("UsageError: /target/x is a folder: what is no folder cannot replace it");
    await rm(path.join(folder, "target"), { recursive: true });
    expect(await put(both.toReversed())).toBe("UsageError: /target/x is a file: a folder cannot replace it");
  });
});
