import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { watchTriggers, type WatchedTrigger } from "../../../src/actions/watch/triggers.ts";
import type { Json } from "../../../src/model/values.ts";
import { load } from "../../harness/stage.ts";

let folder: string;

beforeEach(async () => {
  folder = await realpath(await mkdtemp(path.join(os.tmpdir(), "triggers-")));
  await mkdir(path.join(folder, "src"));
});

afterEach(() => rm(folder, { recursive: true }));

async function only(rule: Record<string, Json>, service: Record<string, Json> = {}): Promise<WatchedTrigger> {
  const watch = [{ action: "sync", target: "/app", path: path.join(folder, "src"), ...rule }];
  const project = await load({ services: { web: { image: "x", ...service, develop: { watch } } } });
  const [found] = await watchTriggers(project);
  if (found === undefined) throw new Error("no trigger");
  return found;
}

describe("which paths a rule is about", () => {
  test.each([
    ["a", true],
    ["", true],
    ["a/b.txt", true],
    [".git/HEAD", false],
    ["sub/.git", false],
    [".gitignore", true],
    [".idea/x.xml", false],
    ["a.txt~", false],
    [".a.txt.swp", false],
    ["4913", false],
    ["sub/.#lock", false],
    ["#auto#", false],
    ["a___jb_tmp___", false],
    ["swap.swp", true],
  ])("%s: %s", async (at, wanted) => {
    expect((await only({})).wants(at)).toBe(wanted);
  });

  test("ignore patterns, with exceptions: for the folder, too, as far as it leads to some", async () => {
    const { wants, leadsTo } = await only({ ignore: ["build", "*.log", "!keep.log", "deep/**", "!deep/one/two"] });
    expect(["build", "build/x", "a.log", "sub/a.log", "keep.log", "deep/x", "deep/one/two"].filter(wants)).toEqual([
      "sub/a.log",
      "keep.log",
      "deep/one/two",
    ]);
    expect(["build", "deep", "deep/one", "deep/other"].filter(leadsTo)).toEqual(["deep", "deep/one"]);
  });

  test("include patterns: only those, minus what is ignored", async () => {
    const { wants, leadsTo } = await only({ include: ["lib/**/*.js", "README"], ignore: ["**/test"] });
    expect(["lib/a.js", "lib/x/y.js", "lib/a.ts", "README", "lib/test/a.js", "other.js"].filter(wants)).toEqual([
      "lib/a.js",
      "lib/x/y.js",
      "README",
    ]);
    expect(["lib", "lib/x", "doc"].filter(leadsTo)).toEqual(["lib", "lib/x"]);
  });

  test("the build's own .dockerignore, that of the Dockerfile first, and only with a build", async () => {
    await writeFile(path.join(folder, ".dockerignore"), "src/node_modules\n**/*.tmp\n");
    const build = { context: folder, dockerfile: "deploy/Dockerfile" };
    const paths = ["a", "node_modules/x", "b.tmp", "c.bak"];
    expect(paths.filter((await only({}, { build })).wants)).toEqual(["a", "c.bak"]);
    await mkdir(path.join(folder, "deploy"));
    await writeFile(path.join(folder, "deploy/Dockerfile.dockerignore"), "**/*.bak\n");
    expect(paths.filter((await only({}, { build })).wants)).toEqual(["a", "node_modules/x", "b.tmp"]);
    expect(paths.filter((await only({})).wants)).toEqual(paths);
  });
});

describe("bind mounts", () => {
  test.each([
    ["the folder itself", "src", "/app", true],
    ["one above it", ".", "/", false],
    ["one above it, to the same place", ".", "/x", true],
    ["to another place", "src", "/elsewhere", false],
    ["a sibling", "src2", "/app", false],
  ])("%s", async (_, source, target, mounted) => {
    const volumes = [{ type: "bind", source: path.join(folder, source), target }];
    const rule = target === "/x" ? { target: "/x/src" } : {};
    expect((await only(rule, { volumes })).mounted).toBe(mounted);
  });
});

test("a rebuild needs something to build", async () => {
  await expect(only({ action: "rebuild" })).rejects.toThrow('service "web" watches files to rebuild its image');
});
