import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";

import { build } from "esbuild";
import { expect, onTestFinished, test } from "vitest";

import { type LockHolder, lockProject } from "../../src/executor/lock.ts";

const holder: LockHolder = { pid: process.pid, verb: "up", workingDir: "/project" };
const options = (project: string, onWait: (who: LockHolder | undefined) => void = () => {}, signal?: AbortSignal) => ({
  endpoint: "unix:///test",
  project,
  holder,
  onWait,
  signal,
});

test("the second waits, says who holds it, and goes on when the first lets go", async () => {
  const project = randomUUID();
  const order: string[] = [];
  const first = await lockProject(options(project));
  let told: (who: LockHolder | undefined) => void = () => {};
  const heardOf = new Promise<LockHolder | undefined>((settle) => (told = settle));
  const second = lockProject(options(project, told)).then((lock) => {
    order.push("second");
    return lock;
  });
  expect(await heardOf).toEqual(holder);
  order.push("release");
  await first[Symbol.asyncDispose]();
  await (await second)[Symbol.asyncDispose]();
  expect(order).toEqual(["release", "second"]);
});

test("other projects and other engines are not held up", async () => {
  const project = randomUUID();
  await using _one = await lockProject(options(project));
  await using _two = await lockProject(options(`${project}x`));
  await using _three = await lockProject({ ...options(project), endpoint: "tcp://other" });
});

test("who waits can give up", async () => {
  const project = randomUUID();
  await using _first = await lockProject(options(project));
  const abort = new AbortController();
  await expect(lockProject(options(project, () => abort.abort(), abort.signal))).rejects.toThrow("cancelled");
});

test("who gives up while it still looks whether somebody is there does not wait for him", async () => {
  const project = randomUUID();
  await using _first = await lockProject(options(project));
  const abort = new AbortController();
  const waiting = lockProject(options(project, () => {}, abort.signal));
  abort.abort();
  await expect(waiting).rejects.toThrow("cancelled");
});

test("ten at once take turns, never two at a time", async () => {
  const project = randomUUID();
  let inside = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      await using _lock = await lockProject(options(project));
      most = Math.max(most, ++inside);
      await new Promise((settle) => setImmediate(settle));
      inside--;
    }),
  );
  expect(most).toBe(1);
});

/** A process that holds the project until it is ended. */
async function holding(project: string): Promise<ChildProcess> {
  const entry = new URL("../../src/executor/lock.ts", import.meta.url).pathname;
  const contents = `import { lockProject } from ${JSON.stringify(entry)};
    await lockProject({ endpoint: "unix:///test", project: ${JSON.stringify(project)}, holder: { pid: process.pid, verb: "down", workingDir: "/x" }, onWait() {} });
    console.log("held"); setInterval(() => {}, 1000);`;
  const bundle = await build({
    stdin: { contents, resolveDir: "/" },
    bundle: true,
    write: false,
    platform: "node",
    format: "esm",
  });
  const child = spawn(process.execPath, ["--input-type=module", "-e", bundle.outputFiles[0]?.text ?? ""], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child.stdout, "data");
  return child;
}

test("a holder that is killed frees the project at once", async () => {
  const project = randomUUID();
  const child = await holding(project);
  const who: (LockHolder | undefined)[] = [];
  await using _lock = await lockProject(
    options(project, (found) => {
      who.push(found);
      child.kill("SIGKILL");
    }),
  );
  expect(who).toEqual([{ pid: child.pid, verb: "down", workingDir: "/x" }]);
});

test("one who is suspended is waited for, and whoever waits is told", async () => {
  const project = randomUUID();
  const child = await holding(project);
  child.kill("SIGSTOP");
  const who: (LockHolder | undefined)[] = [];
  await using _lock = await lockProject(
    options(project, (found) => {
      who.push(found);
      child.kill("SIGKILL");
    }),
  );
  expect(who).toEqual([undefined]);
});
