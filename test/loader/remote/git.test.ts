import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { LoadOptions } from "../../../src/loader/options.ts";
import { loadProject } from "../../../src/loader/project.ts";
import { isRemoteReference } from "../../../src/loader/remote/reference.ts";
import { fetchRemote } from "../../../src/loader/remote/remote.ts";
import { CancelledError } from "../../../src/model/error.ts";

let folder: string;
let bare: string;
const git = (...args: string[]): string =>
  execFileSync("git", ["-C", join(folder, "work"), ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tscompose-git-"));
  bare = `file://${folder}/bare.git`;
  mkdirSync(join(folder, "work/sub"), { recursive: true });
  execFileSync("git", ["init", "-q", "--bare", "--initial-branch=main", join(folder, "bare.git")]);
  execFileSync("git", ["init", "-q", "--initial-branch=main", join(folder, "work")]);
  git("config", "user.email", "t@example.org");
  git("config", "user.name", "t");
  writeFileSync(join(folder, "work/compose.yaml"), "name: first\n");
  writeFileSync(join(folder, "work/sub/docker-compose.yml"), "name: sub\n");
  symlinkSync("/etc/passwd", join(folder, "work/out"));
  mkdirSync(join(folder, "work/evil"));
  symlinkSync("/etc/passwd", join(folder, "work/evil/compose.yaml"));
  git("add", ".");
  git("commit", "-qm", "1");
  git("tag", "-a", "v1", "-m", "v1");
  writeFileSync(join(folder, "work/compose.yaml"), "name: second\n");
  git("commit", "-qam", "2");
  git("push", "-q", "--tags", join(folder, "bare.git"), "main", "v1^{commit}:refs/heads/feature/main");
});
afterAll(() => rmSync(folder, { recursive: true }));

const options = () => ({
  environment: new Map([
    ["PATH", process.env["PATH"] ?? ""],
    ["HOME", folder],
    ["XDG_CACHE_HOME", join(folder, "cache")],
  ]),
  registry: { credentials: async () => undefined },
});
const content = async (reference: string): Promise<string> =>
  readFileSync((await fetchRemote(reference, options())).path, "utf8");

test.each([
  ["https://example.org/a/b.git", true],
  ["https://example.org/a/b.git#main:sub", true],
  ["https://example.org/a/b.git?branch=main&subdir=sub", true],
  ["git@example.org:a/b", true],
  ["org-1@example.org:a/b", true],
  ["https://example.org/compose.yaml?of=b.git", false],
  ["github.com/a/b", true],
  ["oci://example.org/x", true],
  ["https://example.org/compose.yaml", false],
  ["./github.com/x", false],
  ["compose.yaml", false],
])("%s is remote: %s", (reference, remote) => expect(isRemoteReference(reference)).toBe(remote));

describe("git references", () => {
  test("the default branch, a branch, a tag, a commit, a folder, a file", async () => {
    expect(await content(bare)).toBe("name: second\n");
    expect(await content(`${bare}#main`)).toBe("name: second\n");
    expect(await content(`${bare}#v1`)).toBe("name: first\n");
    expect(await content(`${bare}#:sub`)).toBe("name: sub\n");
    expect(await content(`${bare}#v1:sub/docker-compose.yml`)).toBe("name: sub\n");
    expect(await content(`${bare}#${git("rev-parse", "v1^{}").trim()}`)).toBe("name: first\n");
  });

  test("the same as parameters", async () => {
    expect(await content(`${bare}?branch=main`)).toBe("name: second\n");
    expect(await content(`${bare}?tag=v1`)).toBe("name: first\n");
    expect(await content(`${bare}?ref=v1&subdir=sub&submodules=false`)).toBe("name: sub\n");
    expect(await content(`${bare}?ref=v1#:sub`)).toBe("name: sub\n");
    expect(await content(`${bare}?branch=main&commit=${git("rev-parse", "v1^{}").trim()}`)).toBe("name: first\n");
  });

  test.each([
    ["?brunch=main", /has the unknown parameter "brunch"/],
    ["?branch=main&tag=v1", /names two at once: refs\/heads\/main and refs\/tags\/v1/],
    ["?tag=main", /nothing by that name was found there/],
    ["#nope", /git cannot read file:.*bare\.git/],
    ["#main:nowhere", /has no "nowhere"/],
    ["#main:../..", /leads out of the repository/],
    ["#main:out", /leads out of the repository/],
    ["#main:evil", /has no compose file in "evil"/],
    ["#--upload-pack=x", /is not a git reference/],
  ])("%s is refused", async (fragment, message) => {
    await expect(fetchRemote(bare + fragment, options())).rejects.toThrow(message);
  });

  test("what runs in another repository's hook leaves that one alone", async () => {
    const hook = [
      ["GIT_DIR", join(folder, "work/.git")],
      ["GIT_INDEX_FILE", join(folder, "work/.git/index")],
      ["XDG_CACHE_HOME", join(folder, "hook")],
    ] as const;
    const environment = new Map([...options().environment, ...hook]);
    const found = await fetchRemote(`${bare}#v1`, { ...options(), environment });
    expect(readFileSync(found.path, "utf8")).toBe("name: first\n");
    expect(git("symbolic-ref", "HEAD")).toBe("refs/heads/main\n");
    expect(git("status", "--porcelain")).toBe("");
  });

  test("the settings of the machine count, as for git itself", async () => {
    const settings = join(folder, "gitconfig");
    writeFileSync(settings, `[url "file://${folder}/"]\n  insteadOf = https://code.example.org/\n`);
    const environment = new Map([...options().environment, ["GIT_CONFIG_SYSTEM", settings] as const]);
    const found = await fetchRemote("https://code.example.org/bare.git#main", { ...options(), environment });
    expect(readFileSync(found.path, "utf8")).toBe("name: second\n");
  });

  test("an env file that comes with a remote file does not say what git runs", async () => {
    const marker = join(folder, "ran");
    git("checkout", "-q", "--orphan", "including");
    git("rm", "-rfq", ".");
    writeFileSync(join(folder, "work/compose.yaml"), "include: [ssh://nobody@127.0.0.1:1/other.git]\n");
    writeFileSync(join(folder, "work/.env"), `GIT_SSH_COMMAND=touch ${marker}; false\n`);
    git("add", ".");
    git("commit", "-qm", "3");
    git("push", "-q", join(folder, "bare.git"), "including");
    git("checkout", "-q", "main");
    const { environment } = options();
    const loading = loadProject({ cwd: folder, environment, files: [`${bare}#including`] });
    await expect(loading).rejects.toThrow(/git cannot read ssh:/);
    expect(existsSync(marker)).toBe(false);
  });

  test("a repository is asked once, however many name it", async () => {
    const asked = join(folder, "asked");
    mkdirSync(join(folder, "bin"));
    const real = execFileSync("which", ["git"], { encoding: "utf8" }).trim();
    writeFileSync(join(folder, "bin/git"), `#!/bin/sh\necho "$1" >> ${asked}\nexec ${real} "$@"\n`, { mode: 0o755 });
    const services = ["a", "b", "c"].map((name) => `  ${name}: { extends: { file: "${bare}#v2", service: base } }\n`);
    writeFileSync(join(folder, "compose.yaml"), `include: ["${bare}#v2"]\nservices:\n${services.join("")}`);
    git("checkout", "-q", "--detach");
    writeFileSync(join(folder, "work/compose.yaml"), "services: { base: { image: busybox } }\n");
    git("commit", "-qam", "4");
    git("push", "-q", join(folder, "bare.git"), "HEAD:refs/tags/v2");
    git("checkout", "-q", "main");
    const environment = new Map([
      ...options().environment,
      ["PATH", `${folder}/bin:${process.env["PATH"] ?? ""}`] as const,
    ]);
    const { project } = await loadProject({ cwd: folder, environment });
    expect([...project.services.keys()]).toEqual(["a", "b", "base", "c"]);
    expect(readFileSync(asked, "utf8").match(/ls-remote/g)).toHaveLength(1);
  });

  test("its folder is that of the project, beside local files and flags, too; the .env is that of who asks", async () => {
    const remote = join(folder, "work/remote");
    const local = join(folder, "local");
    for (const each of [remote, local]) mkdirSync(each);
    writeFileSync(join(remote, "compose.yaml"), 'services: { a: { build: ./app, image: "a:${TAG:-none}" } }\n');
    writeFileSync(join(remote, ".env"), "TAG=remote\n");
    git("checkout", "-q", "--detach");
    git("add", ".");
    git("commit", "-qm", "5");
    git("push", "-q", join(folder, "bare.git"), "HEAD:refs/tags/v3");
    git("checkout", "-q", "main");
    writeFileSync(join(local, "compose.yaml"), "services: { b: { build: ./b } }\n");
    writeFileSync(join(local, ".env"), "TAG=local\n");
    const wanted = `${bare}#v3:remote`;
    const { environment } = options();
    const load = async (more: Partial<LoadOptions>): Promise<readonly unknown[]> => {
      const { project } = await loadProject({ cwd: folder, environment, ...more });
      const contexts = [...project.services.values()].map(({ build }) => basename(dirname(build?.context ?? "")));
      return [project.name, project.services.get("a")?.image, ...contexts];
    };
    const name = basename(folder).toLowerCase();
    expect(await load({ files: [wanted] })).toEqual([name, "a:none", "remote"]);
    expect(await load({ files: [wanted], projectDirectory: "local" })).toEqual(["local", "a:local", "remote"]);
    expect(await load({ files: ["local/compose.yaml", wanted] })).toEqual(["local", "a:local", "remote", "remote"]);
  });

  test("why ssh did not get there is told in ssh's own words", async () => {
    const own = [["GIT_SSH_COMMAND", "echo 'a@b: Permission denied (publickey).' >&2; false"]] as const;
    const environment = new Map([...options().environment, ...own]);
    await expect(fetchRemote("a@b.invalid:c/d", { ...options(), environment })).rejects.toThrow(
      "git cannot read a@b.invalid:c/d: a@b: Permission denied (publickey).",
    );
  });

  test("passwords in an address are not shown", async () => {
    const failure = await fetchRemote("http://me:hunter2@127.0.0.1:1/x.git", options()).catch((error: unknown) =>
      String(error),
    );
    expect(failure).toContain("http://127.0.0.1:1/x.git");
    expect(failure).not.toContain("hunter2");
  });

  test("a variable switches remote files off", async () => {
    const environment = new Map([...options().environment, ["COMPOSE_EXPERIMENTAL_GIT_REMOTE", "false"] as const]);
    await expect(fetchRemote(bare, { ...options(), environment })).rejects.toThrow("switched off");
  });

  test("what is cancelled rejects as everything cancelled does", async () => {
    await expect(fetchRemote(bare, { ...options(), signal: AbortSignal.abort() })).rejects.toThrow(CancelledError);
  });
});
