// Files between this machine and containers, on a real engine: the same places as docker compose, and nowhere else.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";

import { pack } from "tar-stream";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

import { removeProject } from "../harness/clean.ts";
import { projectRoot, runCli } from "../harness/cli.ts";
import { call, runInside } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { type Middleman, openMiddleman } from "../harness/middleman.ts";
import { hasPeer, peer } from "../harness/peer.ts";
import { openProject, type TestProject } from "../harness/project.ts";

const service = `
    image: ${testImages.busybox}
    command: [sleep, "1000"]
    stop_grace_period: 0s`;
const files = {
  "compose.yaml": `
services:
  web:${service}
    scale: 2
  ours:${service}
  theirs:${service}
  user:${service}
    user: "1000:1000"
  sealed:${service}
    read_only: true
`,
  "src/file": "one\n",
  "src/sub/ünï cödé": "two\n",
};

let project: TestProject;

beforeAll(async () => {
  await ensureImage(testImages.busybox);
  project = await openProject(files);
  await symlink("file", path.join(project.folder, "src/link"));
  await symlink("src", path.join(project.folder, "linked"));
  await promisify(execFile)("chmod", ["750", path.join(project.folder, "src/sub")]);
  await project.succeed("up", "-d");
});

afterAll(async () => {
  await removeProject(project.name);
  await project[Symbol.asyncDispose]();
});

/** Kind, mode, size, place and what links lead to, of everything below a folder. */
const listing =
  'find . | sort | while read -r f; do stat -c \'%F %a %s %n\' "$f"; [ -h "$f" ] && readlink "$f"; true; done';

async function inside(name: string, script: string): Promise<string> {
  return runInside(project.container(name), "sh", "-c", script);
}

/** Folders differ in size from one file system to another. */
function plain(text: string): string {
  return text.replaceAll(/^(directory \d+) \d+/gm, "$1").trim();
}

describe("into containers", () => {
  const setUp =
    "rm -rf /t; mkdir -p /t/full/src/sub /t/empty; cd /t; echo old > old; ln -s full to-full; ln -s old to-old; ln -s no dangling";
  test.skipIf(!hasPeer).each(
    [
      ["src/file", "/t/new"],
      ["src/file", "/t/empty"],
      ["src/file", "/t/empty/"],
      ["src/file", "/t/old"],
      ["src/file", "/t/to-full"],
      ["src/file", "/t/to-old"],
      ["src/file", "/t/dangling"],
      ["src/file", "t/relative"],
      ["src/file", "/t/nofolder/"],
      ["src/file", "/t/no/folder"],
      ["src/file/", "/t/empty"],
      ["src", "/t/new"],
      ["src", "/t/empty"],
      ["src", "/t/full"],
      ["src", "/t/old"],
      ["src/", "/t/empty"],
      ["src/", "/t/new/"],
      ["src/.", "/t/empty"],
      ["src/.", "/t/new"],
      ["src/.", "/t/full/src"],
      ["src/link", "/t/empty"],
      ["linked", "/t/empty"],
      ["linked/", "/t/empty"],
      ["linked/.", "/t/new"],
      ["-L", "linked", "/t/empty"],
      ["-L", "src/link", "/t/new"],
      ["./src/sub/ünï cödé", "/t/with space/é"],
      ["./src/sub/ünï cödé", "/t/empty/with space"],
      ["nofile", "/t/empty"],
    ].map((args) => [args]),
  )("%j lands where docker compose puts it", async (args) => {
    const destination = args.at(-1) ?? "";
    const rest = args.slice(0, -1);
    await Promise.all(["ours-1", "theirs-1"].map((name) => inside(name, setUp)));
    const [own, other] = await Promise.all([
      project.run("cp", ...rest, `ours:${destination}`),
      peer(project, "cp", ...rest, `theirs:${destination}`),
    ]);
    expect(own.code, own.stderr).toBe(other.code);
    const [here, there] = await Promise.all([
      inside("ours-1", `cd /t; ${listing}`),
      inside("theirs-1", `cd /t; ${listing}`),
    ]);
    expect(plain(here)).toBe(plain(there));
  });

  test("every replica gets it, or the one that is named", async () => {
    const ran = await project.run("cp", "src/file", "web:/all");
    const name = project.container("web");
    expect(ran.stderr.split("\n").toSorted().join("\n")).toBe(
      [
        "",
        ...[1, 2].flatMap((n) =>
          ["Copied", "Copying"].map((state) => ` ${name}-${n} copy src/file to ${name}-${n}:/all ${state}`),
        ),
      ].join("\n"),
    );
    await project.succeed("cp", "--index", "2", "src/file", "web:/second");
    expect(await inside("web-1", "ls /all /second 2>&1")).toBe("ls: /second: No such file or directory\n/all\n");
    expect(await inside("web-2", "ls /all /second 2>&1")).toBe("/all\n/second\n");
  });

  test("containers of run with --all only", async () => {
    const name = `${project.name}-once`;
    await project.succeed("run", "-d", "--name", name, "ours", "sleep", "1000");
    await project.succeed("cp", "src/file", "ours:/not-there");
    await project.succeed("cp", "--all", "src/file", "ours:/there");
    expect(await runInside(name, "sh", "-c", "ls /not-there /there 2>&1")).toBe(
      "ls: /not-there: No such file or directory\n/there\n",
    );
    await call("DELETE", `/containers/${name}?force=1`);
  });

  test("where one cannot take it, the other gets it all the same", async () => {
    await inside("web-2", "mkdir -p /one/src/file");
    await inside("web-1", "mkdir /one");
    const { code, stderr } = await project.run("cp", "src", "web:/one");
    expect(code).toBe(1);
    expect(stderr).toContain("cannot overwrite directory");
    expect(await inside("web-1", "cat /one/src/file")).toBe("one\n");
  });

  test("an archive from standard input, into every replica", async () => {
    const { stdout } = await promisify(execFile)("tar", ["c", "-C", project.folder, "src"], { encoding: "buffer" });
    await pipe(stdout, "cp", "-", "web:/tmp");
    for (const name of ["web-1", "web-2"])
      expect(await inside(name, "cat /tmp/src/file /tmp/src/sub/*")).toBe("one\ntwo\n");
    const refused = await project.runWith({ stdin: "x" }, "cp", "-", "web:/all");
    expect(refused.stderr).toContain(`${project.container("web-1")}:/all must be a folder`);
  });

  test("owners: our numbers; with --archive the container's user", async () => {
    await promisify(execFile)("tar", ["c", "-C", project.folder, "--owner=1234", "--group=4321", "src"], {
      encoding: "buffer",
    }).then(({ stdout }) => pipe(stdout, "cp", "-", "user:/tmp"));
    await project.succeed("cp", "-a", "src/file", "user:/tmp/mine");
    expect(await inside("user-1", "stat -c %u:%g /tmp/src/file /tmp/mine")).toBe("1234:4321\n1000:1000\n");
  });

  test("hard links stay one file; a container that does not run is as good as one that does", async () => {
    await writeFile(path.join(project.folder, "hard"), "x");
    await promisify(execFile)("sh", ["-c", "mkdir -p two && ln -f hard two/a && ln -f hard two/b"], {
      cwd: project.folder,
    });
    await project.succeed("stop", "ours");
    await project.succeed("cp", "two", "ours:/two");
    await project.succeed("start", "ours");
    const [a, b] = (await inside("ours-1", "stat -c %i /two/a /two/b")).trim().split("\n");
    expect(a).toBe(b);
  });
});

describe("out of containers", () => {
  beforeAll(async () => {
    const make =
      "rm -rf /o; mkdir -p /o/d/sub; cd /o/d; echo 1 > f; chmod 640 f; ln f hard; ln -s f link; ln -s /etc abs; echo 2 > 'sub/ünï cödé'; ln -s d ../to-d; ln -s d/f ../to-f; ln -s no ../dangling";
    await Promise.all(["ours-1", "theirs-1"].map((name) => inside(name, make)));
  });

  const setUp = async (folder: string): Promise<void> => {
    await rm(folder, { recursive: true, force: true });
    await mkdir(path.join(folder, "full/d"), { recursive: true });
    await mkdir(path.join(folder, "empty"));
    await writeFile(path.join(folder, "old"), "old");
    await symlink("full", path.join(folder, "to-full"));
    await symlink("old", path.join(folder, "to-old"));
    await symlink("no", path.join(folder, "dangling"));
  };

  test.skipIf(!hasPeer).each(
    [
      ["/o/d", "new"],
      ["/o/d", "empty"],
      ["/o/d", "empty/"],
      ["/o/d", "full"],
      ["/o/d", "old"],
      ["/o/d/", "new/"],
      ["/o/d/.", "empty"],
      ["/o/d/.", "new"],
      ["/o/d/.", "full/d/"],
      ["/o/d/f", "new"],
      ["/o/d/f", "empty"],
      ["/o/d/f", "old"],
      ["/o/d/f", "to-full"],
      ["/o/d/f", "to-old"],
      ["/o/d/f", "dangling"],
      ["/o/d/f", "nofolder/"],
      ["/o/d/f", "no/folder"],
      ["/o/d/f", "."],
      ["o/d/f", "./with space"],
      ["/o/d/f/", "new"],
      ["/o/to-d", "empty"],
      ["/o/to-d/", "empty"],
      ["/o/to-d/.", "new"],
      ["-L", "/o/to-d", "empty"],
      ["-L", "/o/to-f", "empty"],
      ["-L", "/o/to-f", "new"],
      ["-L", "/o/dangling", "new"],
      ["/o/dangling", "new"],
      ["/o/d/sub/ünï cödé", "empty/ünï cödé 2"],
      ["/o/nofile", "new"],
    ].map((args) => [args]),
  )("%j lands where docker compose puts it", async (args) => {
    const destination = args.at(-1) ?? "";
    const source = args.at(-2) ?? "";
    const flags = args.slice(0, -2);
    const [here, there] = [path.join(project.folder, "here"), path.join(project.folder, "there")];
    await Promise.all([setUp(here), setUp(there)]);
    const file = ["-f", path.join(project.folder, "compose.yaml"), "--project-directory", project.folder];
    const [own, other] = await Promise.all([
      runCli(["-p", project.name, ...file, "cp", ...flags, `ours:${source}`, destination], { cwd: here }),
      peer({ name: project.name, folder: there }, ...file, "cp", ...flags, `theirs:${source}`, destination),
    ]);
    expect(own.code, own.stderr + other.stderr).toBe(other.code);
    const list = async (cwd: string): Promise<string> =>
      plain((await promisify(execFile)("sh", ["-c", listing], { cwd })).stdout);
    expect(await list(here)).toBe(await list(there));
  });

  test("a link that leads out of the folder is copied as what it is", async () => {
    await inside("ours-1", "mkdir -p /up; ln -sf ../../secret /up/link");
    await project.succeed("cp", "ours:/up", "up");
    expect((await promisify(execFile)("readlink", ["up/link"], { cwd: project.folder })).stdout).toBe("../../secret\n");
  });

  test("an archive to standard output", async () => {
    const { stdout } = await promisify(execFile)(
      "sh",
      [
        "-c",
        `"$0" "$1" -p "$2" cp ours:/o/d - | tar tv | awk '{print $1, $NF}'`,
        process.execPath,
        "dist/cli.js",
        project.name,
      ],
      { cwd: projectRoot },
    );
    expect(stdout).toContain("-rw-r----- d/f\n");
    expect(stdout).toContain("drwxr-xr-x d/sub/\n");
  });

  test("owners stay with --archive, where we may", async () => {
    await inside("ours-1", "chown 1234:4321 /o/d/sub");
    await project.succeed("cp", "-a", "ours:/o/d", "archived");
    const { stdout } = await promisify(execFile)("stat", ["-c", "%u:%g", "archived/sub"], { cwd: project.folder });
    expect(stdout).toBe(process.getuid?.() === 0 ? "1234:4321\n" : `${process.getuid?.()}:${process.getgid?.()}\n`);
  });
});

describe("what cannot be", () => {
  beforeAll(async () => void (await inside("web-1", "mkfifo /fifo")));

  test.each<[readonly string[], string]>([
    [["a", "b"], "error: neither of the paths is in a container\n  hint: write SERVICE:PATH for the one that is\n"],
    [
      ["web:/a", "ours:/b"],
      "error: both paths are in containers, and one has to be on this machine\n  hint: pass it on: tscompose cp web:/a - | tscompose cp - ours:/b\n",
    ],
    [["wbe:/a", "b"], 'error: no such service: wbe\n  hint: did you mean "web"?\n'],
    [["src/file", "wbe:/a"], 'error: no such service: wbe\n  hint: did you mean "web"?\n'],
    [["--index", "9", "web:/a", "b"], 'error: service "web" has no container #9\n'],
    [["web:", "."], 'error: "web:" does not say what to copy\n  hint: write web:/ for all that is in the container\n'],
    [["nofile", "web:/a"], "error: nofile: no such file or folder\n"],
    [["web:/nofile", "b"], "error: no such file or folder: NAME-web-1:/nofile\n"],
    [["src/file", "web:/no/folder"], "error: there is no folder NAME-web-1:/no to copy into\n"],
    [["src", "web:/bin/busybox"], "error: cannot copy the folder src onto the file NAME-web-1:/bin/busybox\n"],
    [["src/file", "web:/fifo"], "error: NAME-web-1:/fifo is neither a folder nor a regular file\n"],
    [["web:/bin/busybox", "/dev/null"], "error: /dev/null is neither a folder nor a regular file\n"],
  ])("%j", async (args, expected) => {
    const { stderr, code } = await project.run("cp", ...args);
    expect(stderr.replaceAll(project.name, "NAME").replaceAll(/^ NAME.*\n/gm, "")).toBe(expected);
    expect(code).toBe(1);
  });

  test("an engine that refuses before it has heard all is understood", async () => {
    await promisify(execFile)("sh", ["-c", "head -c 50000000 /dev/zero > zeros"], { cwd: project.folder });
    const { code, stderr } = await project.run("cp", "zeros", "sealed:/zeros");
    expect({ code, said: stderr.split("\n").slice(1) }).toEqual({
      code: 1,
      said: ["error: container rootfs is marked read-only", ""],
    });
  });

  test("Ctrl-C ends it with 130 and without a word", async () => {
    // Made in no time, and copied in some: on a busy machine a smaller one is there before the signal is.
    await promisify(execFile)("truncate", ["-s", "4G", "more-zeros"], { cwd: project.folder });
    const running = await project.start("cp", "more-zeros", "ours:/zeros");
    await running.waitFor(/Copying/);
    running.kill("SIGINT");
    const { code, stderr } = await running.ended;
    expect({ code, lines: stderr.trim().split("\n").length }).toEqual({ code: 130, lines: 1 });
    await rm(path.join(project.folder, "more-zeros"));
  });

  test("a dry run copies nothing", async () => {
    const { stderr } = await project.run("--dry-run", "cp", "src/file", "ours:/dry");
    const name = project.container("ours-1");
    expect(stderr).toBe(`DRY-RUN MODE -  ${name} copy src/file to ${name}:/dry Copying\n`);
    expect(await inside("ours-1", "ls /dry 2>&1")).toContain("No such file");
  });

  test("an engine that lies about what it sends cannot write elsewhere", async () => {
    await using liar = await lyingEngine((archive) => {
      archive.entry({ name: "file" }, "fine");
      archive.entry({ name: "../outside" }, "evil");
    });
    const folder = await mkdtemp(path.join(os.tmpdir(), "cp-out-"));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await mkdir(path.join(folder, "in"));
    const env = { DOCKER_HOST: liar.host };
    const ran = await runCli(["-p", project.name, "cp", "ours:/bin/busybox", "in"], { cwd: folder, env });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toMatch(/error: the container's answer holds "file", which is outside of what was asked for/);
    expect(await readdir(folder, { recursive: true })).toEqual(["in"]);
  });
});

test("thousands of small files go both ways", { timeout: 120_000 }, async () => {
  const make =
    "mkdir -p many/a/b; i=0; while [ $i -lt 2000 ]; do echo $i > many/a/$i; echo $i > many/a/b/$i; i=$((i+1)); done";
  await promisify(execFile)("sh", ["-c", make], { cwd: project.folder });
  await project.succeed("cp", "many", "web:/many");
  await project.succeed("cp", "--index", "2", "web:/many", "returned");
  await promisify(execFile)("diff", ["-r", "many", "returned"], { cwd: project.folder });
  // Once more, over what is there.
  await project.succeed("cp", "web:/many/.", "returned");
  await promisify(execFile)("diff", ["-r", "many", "returned"], { cwd: project.folder });
});

test("a large file goes both ways, and memory stays flat", { timeout: 120_000 }, async () => {
  const size = 400 * 1024 * 1024;
  await promisify(execFile)("sh", ["-c", `head -c ${size} /dev/urandom > large`], { cwd: project.folder });
  const measured = async (...args: string[]): Promise<number> => {
    const script = `exec "$0" --import "data:text/javascript,process.on('exit',()=>console.error('rss',process.resourceUsage().maxRSS))" ${projectRoot}/dist/cli.js "$@"`;
    const ran = await promisify(execFile)("sh", ["-c", script, process.execPath, "-p", project.name, "cp", ...args], {
      cwd: project.folder,
    });
    return Number(/rss (\d+)/.exec(ran.stderr)?.[1]) / 1024;
  };
  expect(await measured("large", "ours:/large")).toBeLessThan(220);
  expect(await measured("ours:/large", "back")).toBeLessThan(220);
  await promisify(execFile)("cmp", ["large", "back"], { cwd: project.folder });
});

/** Passes everything on to the engine, but answers for archives itself. */
function lyingEngine(fill: (archive: ReturnType<typeof pack>) => void): Promise<Middleman> {
  return openMiddleman((request, response) => {
    if (request.method !== "GET" || request.url?.includes("/archive?") !== true) return false;
    const archive = pack();
    fill(archive);
    archive.finalize();
    archive.pipe(response as never);
    return true;
  });
}

async function pipe(input: Uint8Array, ...args: string[]): Promise<void> {
  const child = spawn(process.execPath, ["dist/cli.js", "-p", project.name, ...args], { cwd: projectRoot });
  const said: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
  child.stdin.end(input);
  const [code] = (await once(child, "close")) as [number];
  expect(code, Buffer.concat(said).toString()).toBe(0);
}
