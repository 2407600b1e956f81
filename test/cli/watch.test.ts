// Files that change, and what becomes of the containers: what is in them, and whether they are the same ones.
import { execFile } from "node:child_process";
import { chmodSync, renameSync, unlinkSync, writeFileSync } from "node:fs";
import { chmod, mkdir, readFile, rename, rm, symlink, unlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

import { beforeAll, describe, expect, test } from "vitest";

import type { RunningCli } from "../harness/cli.ts";
import { call, containersOf, runInside } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { openProject, type TestProject } from "../harness/project.ts";

const image = testImages.busybox;
const sleeper = `{ image: ${image}, command: [sleep, "1000"], stop_grace_period: 0s`;

beforeAll(() => ensureImage(image));

/** Services of one line each; what they watch is the rest of the line. */
function compose(services: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const lines = Object.entries(services).map(([name, rest]) => `  ${name}: ${sleeper}, ${rest} }\n`);
  return { "compose.yaml": `services:\n${lines.join("")}` };
}

const rules = (...each: readonly string[]): string => `develop: { watch: [${each.join(", ")}] }`;

interface Watching extends AsyncDisposable {
  readonly project: TestProject;
  readonly cli: RunningCli;
  readonly at: (file: string) => string;
  /** Standard output of a command in the container of that number. */
  readonly inside: (command: string, service?: string, index?: number) => Promise<string>;
  /** Waits until the command says this. */
  readonly until: (
    command: string,
    expected: string,
    where?: { readonly service?: string; readonly index?: number },
  ) => Promise<void>;
  readonly ids: () => Promise<readonly string[]>;
}

async function startWatching(
  files: Readonly<Record<string, string>>,
  {
    args = ["watch"],
    prepare = async () => {},
    meanwhile = async () => {},
  }: {
    readonly args?: readonly string[];
    readonly prepare?: (folder: string) => Promise<void>;
    /** While the services are brought up. */
    readonly meanwhile?: (starting: Pick<Watching, "project" | "cli">) => Promise<void>;
  } = {},
): Promise<Watching> {
  const project = await openProject(files);
  await prepare(project.folder);
  const cli = await project.start(...args);
  await meanwhile({ project, cli });
  await cli.waitFor(/Watch enabled/);
  const inside = async (command: string, service = "web", index = 1): Promise<string> =>
    (await project.run("exec", "-T", "--index", String(index), service, "sh", "-c", command)).stdout.trimEnd();
  return {
    project,
    cli,
    at: (file) => path.join(project.folder, file),
    inside,
    async until(command, expected, { service, index } = {}) {
      const end = Date.now() + 30_000;
      let said = await inside(command, service, index);
      for (; said !== expected && Date.now() < end; said = await inside(command, service, index)) await sleep(50);
      if (said !== expected) throw new Error(`${command} says ${said}\n${cli.output()}`);
    },
    ids: async () => (await containersOf(project.name)).map(({ Name, Id }) => `${Name} ${Id}`).sort(),
    async [Symbol.asyncDispose]() {
      cli.kill("SIGINT");
      await cli.ended;
      await project[Symbol.asyncDispose]();
    },
  };
}

const syncSrc = "{ action: sync, path: ./src, target: /app }";

/** The same numbers for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe("sync", () => {
  test("what is written, made, renamed, removed, linked, made executable; in all replicas, which stay", async () => {
    await using watching = await startWatching({
      ...compose({ web: `scale: 2, user: nobody, ${rules(syncSrc)}` }),
      "src/old": "old",
      "src/gone/a": "a",
      "src/becomes-folder": "file",
    });
    const { at, until, ids } = watching;
    const before = await ids();
    await mkdir(at("src/sub/deep"), { recursive: true });
    await writeFile(at("src/sub/deep/naïve name"), "hello");
    await writeFile(at("src/run"), "#!/bin/sh\n", { mode: 0o755 });
    await writeFile(at("src/big"), Buffer.alloc(3_000_001, "x"));
    await symlink("run", at("src/link"));
    for (const index of [1, 2]) {
      await until("cat '/app/sub/deep/naïve name'; readlink /app/link; wc -c </app/big", "hellorun\n3000001", {
        index,
      });
      // Its owner is the user that the container runs as.
      await until("stat -c '%a %u' /app/run", "755 65534", { index });
    }
    await chmod(at("src/run"), 0o700);
    await rename(at("src/sub"), at("src/moved"));
    await unlink(at("src/link"));
    await until(
      "stat -c %a /app/run; find /app -mindepth 1 | sort",
      "700\n/app/big\n/app/moved\n/app/moved/deep\n/app/moved/deep/naïve name\n/app/run",
    );
    await rm(at("src/becomes-folder"));
    await mkdir(at("src/becomes-folder"));
    await writeFile(at("src/becomes-folder/inside"), "now");
    await until("cat /app/becomes-folder/inside", "now", { index: 2 });
    await rm(at("src/becomes-folder"), { recursive: true });
    await writeFile(at("src/becomes-folder"), "again");
    await until("cat /app/becomes-folder", "again");
    expect(await ids()).toEqual(before);
  });

  test("what cannot be copied is said once, and again when it changes", async () => {
    const web = `read_only: true, ${rules(syncSrc)}`;
    const other = rules("{ action: sync, path: ./other, target: /app }");
    await using watching = await startWatching({
      ...compose({ web, other }),
      "src/a.txt": "0",
      "other/b.txt": "0",
    });
    const { at, until, cli } = watching;
    const failures = (): number => cli.output().split("marked read-only").length - 1;
    // At one go, so that it is one change.
    const save = async (text: string): Promise<void> => {
      await writeFile(at("a.new"), text);
      await rename(at("a.new"), at("src/a.txt"));
    };
    await save("1");
    await expect.poll(failures, { timeout: 30_000 }).toBe(1);
    for (const text of ["1", "2", "3"]) {
      await writeFile(at("other/b.txt"), text);
      await until("cat /app/b.txt", text, { service: "other" });
    }
    expect(failures()).toBe(1);
    await save("2");
    await expect.poll(failures, { timeout: 30_000 }).toBe(2);
  });

  test("the ways in which editors save", async () => {
    await using watching = await startWatching({ ...compose({ web: rules(syncSrc) }), "src/a.txt": "0" });
    const { at, until, inside, cli } = watching;
    const a = at("src/a.txt");
    // Each at one go: what waits between two of its steps, on a busy machine, would be seen.
    const ways: readonly (readonly [string, (text: string) => void])[] = [
      ["in place", (text) => writeFileSync(a, text)],
      [
        "a temporary file that takes the place",
        (text) => {
          writeFileSync(`${a}.tmp.123`, text);
          renameSync(`${a}.tmp.123`, a);
        },
      ],
      [
        "a backup, then a new file",
        (text) => {
          renameSync(a, `${a}~`);
          writeFileSync(a, text);
          unlinkSync(`${a}~`);
        },
      ],
      [
        "vim, with its probe and swap file",
        (text) => {
          writeFileSync(at("src/.a.txt.swp"), "swap");
          writeFileSync(at("src/4913"), "");
          unlinkSync(at("src/4913"));
          renameSync(a, `${a}~`);
          writeFileSync(a, text);
          chmodSync(a, 0o600);
          unlinkSync(`${a}~`);
        },
      ],
      [
        "JetBrains' safe write",
        (text) => {
          writeFileSync(`${a}___jb_tmp___`, text);
          renameSync(a, `${a}___jb_old___`);
          renameSync(`${a}___jb_tmp___`, a);
          unlinkSync(`${a}___jb_old___`);
        },
      ],
    ];
    for (const [way, save] of ways) {
      save(way);
      await until("cat /app/a.txt", way);
    }
    expect(await inside("ls -A /app")).toBe("a.txt");
    // What was there for a moment only is no change.
    const synced = cli.output().match(/^Synced .*$/gm) ?? [];
    expect(synced).toContain('Synced 1 change to service "web": /app/a.txt');
    expect(synced.length).toBeLessThanOrEqual(ways.length + 2);
  });

  test(
    "a checkout of 5,000 files, there and back: few batches, and nothing is lost",
    { timeout: 120_000 },
    async () => {
      const run = promisify(execFile);
      const files = compose({ web: rules("{ action: sync, path: ./src, target: /app }") });
      const git = (folder: string, ...args: readonly string[]): Promise<unknown> =>
        run("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], { cwd: folder });
      await using watching = await startWatching(
        { ...files, "src/stays": "1" },
        {
          async prepare(folder) {
            await git(folder, "init", "-q", "-b", "few");
            await git(folder, "add", "-A");
            await git(folder, "commit", "-qm", "few");
            await git(folder, "checkout", "-qb", "many");
            for (let dir = 0; dir < 50; dir += 1) {
              const target = path.join(folder, `src/d${dir}/e`);
              await mkdir(target, { recursive: true });
              await Promise.all(
                Array.from({ length: 100 }, (_, file) => writeFile(path.join(target, `f${file}`), `${dir} ${file}`)),
              );
            }
            await git(folder, "add", "-A");
            await git(folder, "commit", "-qm", "many");
            await git(folder, "checkout", "-q", "few");
          },
        },
      );
      const { project, until, cli } = watching;
      const sum = "find . -type f | sort | xargs cat | md5sum; find . -mindepth 1 | wc -l";
      const began = Date.now();
      await git(project.folder, "checkout", "-q", "many");
      const { stdout } = await run("sh", ["-c", sum], { cwd: path.join(project.folder, "src") });
      expect(stdout).toContain("\n5101\n");
      // "stays" was there before, and is no change.
      await writeFile(path.join(project.folder, "src/stays"), "1");
      await until(`cd /app && ${sum}`, stdout.trimEnd());
      // While something is written all the time, every two seconds have a batch of their own.
      const batches = 6 + (Date.now() - began) / 2000;
      expect(cli.output().match(/^Synced/gm)?.length).toBeLessThan(batches);
      await git(project.folder, "checkout", "-q", "few");
      await until("find /app -mindepth 1", "/app/stays");
      await git(project.folder, "checkout", "-q", "many");
      await until(`cd /app && ${sum}`, stdout.trimEnd());
      await writeFile(path.join(project.folder, "src/d49/e/f99"), "still watched");
      await until("cat /app/d49/e/f99", "still watched");
      expect(cli.output()).not.toContain("error:");
    },
  );

  test(
    "whatever is done to a folder, in whatever order: the container has the same in the end",
    { timeout: 120_000 },
    async () => {
      await using watching = await startWatching(compose({ web: rules(syncSrc) }));
      const { project, until, cli } = watching;
      const folder = path.join(project.folder, "src");
      await mkdir(folder);
      const seed = Number(process.env["WATCH_SEED"] ?? "1");
      const random = randomNumbers(seed);
      const pick = (count: number): number => Math.floor(random() * count);
      const name = (): string => Array.from({ length: 1 + pick(3) }, () => "abc"[pick(3)]).join("/");
      const actions: readonly ((one: string, other: string) => string)[] = [
        (one) => `mkdir -p ${path.dirname(one)}; echo ${pick(1000)} > ${one}`,
        (one) => `mkdir -p ${path.dirname(one)}; echo ${pick(1000)} > ${one}.tmp; mv ${one}.tmp ${one}`,
        (one) => `mkdir -p ${one}`,
        (one) => `rm -rf ${one}`,
        (one, other) => `mv ${one} ${other}`,
        (one, other) => `cp -a ${one} ${other}`,
        (one) => `chmod ${["700", "755", "750"][pick(3)] ?? ""} ${one}`,
        (one) => `ln -sfn ${name()} ${one}`,
      ];
      for (let round = 0; round < 120; round += 1) {
        const script = actions[pick(actions.length)]?.(name(), name()) ?? "";
        await promisify(execFile)("sh", ["-c", `{ ${script}; } 2>/dev/null || true`], { cwd: folder });
        if (pick(4) === 0) await sleep(pick(400));
      }
      const list =
        "find . -mindepth 1 ! -type l | sort | xargs -r stat -c '%n %F %a'; find . -type l | sort | xargs -r -n1 readlink; find . -type f | sort | xargs -r cat";
      const { stdout } = await promisify(execFile)("sh", ["-c", list], { cwd: folder });
      await until(`cd /app && ${list}`, stdout.trimEnd()).catch((error: unknown) => {
        throw new Error(`seed ${seed}: expected\n${stdout}`, { cause: error });
      });
      expect(cli.output()).not.toContain("error:");
    },
  );

  test("ignored, not included, not in the image: not copied", async () => {
    await using watching = await startWatching({
      ...compose({
        web: rules(
          '{ action: sync, path: ., target: /all, ignore: ["node_modules/", "*.log", "!keep.log", "compose.yaml"] }',
          '{ action: sync, path: ./src, target: /some, include: ["**/*.js"], ignore: ["test/"] }',
        ),
      }),
      "src/sub/keep": "",
    });
    const { at, until, project } = watching;
    await project.write({
      "x.log": "",
      "keep.log": "",
      "node_modules/m": "",
      "src/sub/a.js": "",
      "src/sub/a.ts": "",
      "src/test/b.js": "",
      ".git/HEAD": "",
      last: "",
    });
    await until(
      "find /all /some -type f | sort",
      "/all/keep.log\n/all/last\n/all/src/sub/a.js\n/all/src/sub/a.ts\n/all/src/test/b.js\n/some/sub/a.js",
    );
    await rm(at("src"), { recursive: true });
    await until("find /all /some | sort", "/all\n/all/keep.log\n/all/last\n/some\n/some/sub");
  });

  test("a folder that disappears and comes back; one that was not there yet; a single file", async () => {
    await using watching = await startWatching({
      ...compose({
        web: rules(
          "{ action: sync, path: ./pkg/a/src, target: /app }",
          "{ action: sync, path: ./later/on, target: /later }",
          "{ action: sync, path: ./one.conf, target: /etc/two.conf }",
        ),
      }),
      "pkg/a/src/f": "1",
      "one.conf": "1",
    });
    const { at, until, project } = watching;
    await project.write({ "pkg/a/src/f": "2", "one.conf": "2", "later/on/x": "2" });
    await until("cat /app/f /etc/two.conf /later/x", "222");
    await rm(at("pkg"), { recursive: true });
    await rm(at("one.conf"));
    // The target itself may be some process's working folder.
    await until("ls -A /app; ls /etc/two.conf 2>/dev/null", "");
    await until("ls -d /app", "/app");
    await project.write({ "pkg/a/src/f": "3", "one.conf": "3" });
    await until("cat /app/f /etc/two.conf", "33");
    await project.write({ "pkg/a/src/f": "4", "one.conf": "4", "later/on/x": "4" });
    await until("cat /app/f /etc/two.conf /later/x", "444");
  });

  test("replicas that are added or replaced meanwhile have what the others have", async () => {
    await using watching = await startWatching({ ...compose({ web: rules(syncSrc) }), "src/a": "1", "src/b": "1" });
    const { at, until, project, cli } = watching;
    await project.write({ "src/a": "2" });
    await unlink(at("src/b"));
    await until("cat /app/a", "2");
    await project.succeed("scale", "web=3");
    await until("cat /app/a", "2", { index: 3 });
    await project.succeed("up", "-d", "--force-recreate", "--scale", "web=2");
    await until("cat /app/a", "2", { index: 2 });
    await project.write({ "src/a": "3" });
    for (const index of [1, 2]) await until("cat /app/a", "3", { index });
    expect(cli.output()).not.toContain("error:");
  });

  test("with initial_sync the files are there before the process that reads them", async () => {
    const script = `command: [sh, -c, "cat /app/a; exec sleep 1000"]`;
    const rule = "{ action: sync, path: ./src, target: /app, initial_sync: true, ignore: [no] }";
    await using watching = await startWatching({
      "compose.yaml": `services:\n  web: { image: ${image}, stop_grace_period: 0s, ${script}, ${rules(rule)} }\n`,
      "src/a": "was there\n",
      "src/no": "",
    });
    const said = async (): Promise<string> => {
      const { stdout, stderr } = await watching.project.run("logs", "--no-log-prefix", "web");
      return stdout + stderr;
    };
    await expect.poll(said, { timeout: 30_000 }).toBe("was there\n");
    expect(await watching.inside("ls /app")).toBe("a");
  });

  test(
    "what a bind mount shows is not copied over itself; an image without rm is told of",
    { timeout: 120_000 },
    async () => {
      await using watching = await startWatching({
        "compose.yaml": `services:
  web: ${sleeper}, volumes: ["./src:/app"], ${rules(syncSrc)} }
  bare: { build: ./bare, stop_grace_period: 0s, ${rules("{ action: sync, path: ./bare-src, target: /x }")} }
`,
        "bare/Dockerfile": `FROM ${image} AS one\nFROM scratch\nCOPY --from=one /bin/busybox /bin/sleep\nCMD ["/bin/sleep", "1000"]\n`,
        "src/a": "original",
        "bare-src/a": "1",
      });
      const { at, cli, until, project } = watching;
      expect(cli.output()).toMatch(/warning: service "web" sees .*\/src through a bind mount: nothing of it is copied/);
      await writeFile(at("src/a"), "changed");
      await until("cat /app/a", "changed");
      await unlink(at("bare-src/a"));
      await cli.waitFor(/error: cannot remove \/x\/a in container .*bare-1: its image has no rm/);
      await project.write({ "bare-src/b": "1" });
      await cli.waitFor(/^Synced 1 change to service "bare": \/x\/b$/m);
      expect(cli.output().match(/cannot remove/g)).toEqual(["cannot remove"]);
      expect(await readFile(at("src/a"), "utf8")).toBe("changed");
      await project.run("down", "--rmi", "local");
    },
  );
});

const built = (more: string): string => `{ build: ., command: [sleep, "1000"], stop_grace_period: 0s, ${more} }`;

/** Images of the project, by whether they have a name. */
async function images(project: TestProject): Promise<readonly string[]> {
  const filters = encodeURIComponent(JSON.stringify({ label: [`com.docker.compose.project=${project.name}`] }));
  const { text } = await call("GET", `/images/json?filters=${filters}`);
  const found = JSON.parse(text) as readonly { readonly RepoTags: readonly string[] | null }[];
  return found.map(({ RepoTags }) => RepoTags?.[0] ?? "nameless").sort();
}

describe("rebuild", () => {
  const files = {
    "compose.yaml": `services:
  web: ${built(`scale: 2, ${rules("{ action: rebuild, path: ./image }", syncSrc)}`)}
  side: ${sleeper}, network_mode: "service:web" }
  job: { image: ${image}, command: [date, +%N] }
  other: ${sleeper}, depends_on: { job: { condition: service_completed_successfully } } }
`,
    Dockerfile: `FROM ${image}\nRUN mkdir /app && touch /app/stale\nCOPY image /image\n`,
    ".dockerignore": "image/notes\n",
    "src/stale": "",
    "image/a": "1",
    "src/live": "1",
  };

  test(
    "replaces what the image is for, and who is tied to that; what was copied in is there again",
    { timeout: 120_000 },
    async () => {
      await using watching = await startWatching(files);
      const { at, until, ids, project, cli, inside } = watching;
      const before = await ids();
      const jobBefore = await project.succeed("logs", "job");
      await writeFile(at("src/live"), "2");
      await until("cat /app/live", "2", { index: 2 });
      await unlink(at("src/stale"));
      for (const index of [1, 2]) await until("ls /app", "live", { index });
      await writeFile(at("image/notes"), "not in the image");
      await writeFile(at("image/a"), "2");
      await cli.waitFor(/Rebuilt service "web"/);
      for (const index of [1, 2]) expect(await inside("cat /image/a /app/live", "web", index)).toBe("22");
      for (const index of [1, 2]) await until("ls /image /app", "/app:\nlive\n\n/image:\na", { index });
      const afterwards = cli.output().slice(cli.output().indexOf("Rebuilding service"));
      expect(afterwards.match(/^Synced .*$/gm)).toEqual([
        'Synced 1 change to 2 containers of service "web": /app/live',
      ]);
      const after = await ids();
      const same = after
        .filter((id) => before.includes(id))
        .map((id) => id.split(" ")[0]?.slice(project.name.length + 1));
      expect(same).toEqual(["job-1", "other-1"].map((name) => `-${name}`.slice(1)));
      expect(after.length).toBe(before.length);
      // A job that has done its work is not run once more.
      expect(await project.succeed("logs", "job")).toBe(jobBefore);
      expect((await images(project)).filter((name) => name === "nameless")).toEqual([]);
      await project.run("down", "--rmi", "local");
    },
  );

  test(
    "an image that is the same replaces nothing; one that cannot be built is told of, and the next may",
    { timeout: 120_000 },
    async () => {
      await using watching = await startWatching(files, { args: ["watch", "--prune=false", "--quiet", "web"] });
      const { at, ids, project, cli, inside } = watching;
      const before = await ids();
      chmodSync(at("image/a"), 0o600);
      chmodSync(at("image/a"), 0o644);
      writeFileSync(at("image/a"), "1");
      await cli.waitFor(/Rebuilt service "web"/);
      expect(await ids()).toEqual(before);
      await rm(at("image"), { recursive: true });
      await cli.waitFor(/error: /);
      expect(await ids()).toEqual(before);
      await project.write({ "image/a": "3" });
      await expect.poll(() => inside("cat /image/a"), { timeout: 40_000 }).toBe("3");
      expect((await images(project)).filter((name) => name === "nameless").length).toBeGreaterThan(0);
      expect(cli.output()).not.toContain("COPY");
      await project.run("down", "--rmi", "local");
      await pruneNameless(project);
    },
  );
});

/** What --prune=false left. */
async function pruneNameless(project: TestProject): Promise<void> {
  const filters = JSON.stringify({ dangling: ["true"], label: [`com.docker.compose.project=${project.name}`] });
  await call("POST", `/images/prune?filters=${encodeURIComponent(filters)}`);
}

async function startedAt({ name }: TestProject): Promise<readonly string[]> {
  const containers = await containersOf(name);
  return containers.map(({ Name, State }) => `${Name.slice(name.length + 1)} ${State.StartedAt}`).sort();
}

describe("restart and exec", () => {
  test("restart, with who depends on it so; sync+restart, with the file there first", async () => {
    await using watching = await startWatching({
      ...compose({
        web: rules("{ action: restart, path: ./conf }", "{ action: sync+restart, path: ./etc, target: /etc/web }"),
        follower: "depends_on: { web: { condition: service_started, restart: true } }",
        other: "depends_on: [web]",
      }),
      "conf/x": "",
    });
    const { project, cli, ids, inside } = watching;
    const [before, same] = [await startedAt(project), await ids()];
    await project.write({ "conf/x": "1" });
    await cli.waitFor(/Restarted service "web"/);
    const between = await startedAt(project);
    expect(between.filter((each) => before.includes(each)).map((each) => each.split(" ")[0])).toEqual(["other-1"]);
    expect(await inside("ls /conf 2>/dev/null")).toBe("");
    await project.write({ "etc/y": "2" });
    await cli.waitFor(/Restarted[^]*Restarted/);
    expect(await inside("cat /etc/web/y")).toBe("2");
    expect((await startedAt(project)).filter((each) => between.includes(each)).length).toBe(1);
    expect(await ids()).toEqual(same);
  });

  test("sync+exec: once for many files, in each replica, as told; its output and its failure are shown", async () => {
    const command = 'sh -c "cat /app/a /app/b; id -u >&2; pwd; echo $$WHO; test -e /app/c"';
    const exec = `exec: { command: '${command}', user: nobody, working_dir: /tmp, environment: { WHO: me } }`;
    await using watching = await startWatching(
      compose({ web: `scale: 2, ${rules(`{ action: sync+exec, path: ./src, target: /app, ${exec} }`)}` }),
    );
    const { project, cli, at } = watching;
    // Both at once.
    await project.write({ "new/a": "A", "new/b": "B\n" });
    await rename(at("new"), at("src"));
    await cli.waitFor(/error: web-1: sh -c .* ended with status 1/);
    await cli.waitFor(/error: web-2: sh -c .* ended with status 1/);
    await project.write({ "src/c": "" });
    await cli.waitFor(/Ran in web-1: sh -c/);
    await cli.waitFor(/Ran in web-2: sh -c/);
    for (const line of ["web-1 | AB", "web-1 | 65534", "web-1 | /tmp", "web-1 | me", "web-2 | AB"]) {
      expect(
        cli
          .output()
          .split("\n")
          .filter((each) => each === line).length,
      ).toBe(2);
    }
    cli.kill("SIGINT");
    const { stderr } = await cli.ended;
    expect(stderr).toContain("web-1 | 65534\n");
  });
});

describe("the beginning and the end", () => {
  test("Ctrl-C ends it with 130, and the containers go on; a second watch is told of the first", async () => {
    await using watching = await startWatching(compose({ web: rules(syncSrc) }));
    const { project, cli } = watching;
    const second = await project.run("watch", "--no-up");
    expect(second.code).toBe(1);
    expect(second.stderr).toMatch(
      new RegExp(`^error: project "${project.name}" is watched already, by process ${cli.pid} in /`),
    );
    cli.kill("SIGINT");
    const { code, stdout } = await cli.ended;
    expect({ code, stdout }).toEqual({ code: 130, stdout: "Watch enabled\nWatch disabled\n" });
    expect((await containersOf(project.name)).map(({ State }) => State.Status)).toEqual(["running"]);
  });

  test("--no-up starts nothing, and fills what is started by others", async () => {
    await using watching = await startWatching(compose({ web: rules(syncSrc) }), { args: ["watch", "--no-up"] });
    const { project, until } = watching;
    expect(await containersOf(project.name)).toEqual([]);
    await project.write({ "src/a": "1" });
    await project.succeed("up", "-d");
    await until("cat /app/a", "1");
  });

  test("what changes while the services are brought up is not lost", async () => {
    await using watching = await startWatching(
      {
        ...compose({
          web: `depends_on: { slow: { condition: service_healthy } }, ${rules(syncSrc)}`,
          slow: 'healthcheck: { test: "test -e /tmp/go", interval: 1s, start_interval: 50ms, start_period: 1m }',
        }),
        "src/a": "1",
      },
      {
        async meanwhile({ project, cli }) {
          await cli.waitFor(/slow-1 +Waiting/);
          await writeFile(path.join(project.folder, "src/a"), "2");
          await runInside(project.container("slow-1"), "touch", "/tmp/go");
        },
      },
    );
    await watching.until("cat /app/a", "2");
  });

  test("what cannot be watched is named, and nothing is started", async () => {
    await using project = await openProject(compose({ web: rules("{ action: rebuild, path: . }"), plain: "" }));
    expect((await project.run("watch", "plain")).stderr).toBe(
      `error: none of the selected services is configured for watch\n  hint: say in its "develop" section what to watch, and what to do then\n`,
    );
    const { code, stderr } = await project.run("watch");
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: service "web" watches files to rebuild its image, but has no build section\n/);
    expect((await project.run("watch", "nosuch")).stderr).toMatch(/^error: no such service: nosuch/);
    expect((await project.run("up", "--watch", "-d")).stderr).toMatch(/^error: --detach and --watch are incompatible/);
    expect(await containersOf(project.name)).toEqual([]);
  });

  test("--dry-run shows what would be brought up", async () => {
    await using project = await openProject(compose({ web: rules(syncSrc) }));
    expect(await project.succeed("watch", "--dry-run")).toContain("web-1");
    expect(await containersOf(project.name)).toEqual([]);
  });
});

describe("up --watch", () => {
  test(
    "lines of containers and news of files in one; stays while containers are replaced; Ctrl-C stops",
    { timeout: 120_000 },
    async () => {
      const script = "trap 'exit 0' TERM; echo I am $$(cat /image/a); sleep 1000 & wait";
      await using watching = await startWatching(
        {
          "compose.yaml": `services:
  web: { build: ., command: [sh, -c, "${script}"], ${rules("{ action: rebuild, path: ./image }", "{ action: sync+restart, path: ./src, target: /app }")} }
`,
          Dockerfile: `FROM ${image}\nCOPY image /image\n`,
          "image/a": "one",
        },
        { args: ["up", "--watch", "--abort-on-container-exit"] },
      );
      const { project, cli } = watching;
      await cli.waitFor(/web-1 +\| I am one/);
      await project.write({ "image/a": "two" });
      await cli.waitFor(/web-1 +\| I am two/);
      await project.write({ "src/x": "1" });
      await cli.waitFor(/⦿ Restarted service "web"[^]*I am two/);
      cli.kill("SIGINT");
      const { code, stdout } = await cli.ended;
      expect(code).toBe(130);
      expect(stdout).toContain("⦿ Watch disabled\n");
      expect((await containersOf(project.name)).map(({ State }) => State.Status)).toEqual(["exited"]);
      await project.run("down", "--rmi", "local");
    },
  );
});
