// The package as a program uses it, on a real engine.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { beforeAll, expect, onTestFinished, test } from "vitest";

import {
  CancelledError,
  type Compose,
  type ComposeDocument,
  connect,
  defaultUpOptions,
  execute,
  formatPlan,
  listProjects,
  loadProject,
  observe,
  openCompose,
  planUp,
  PlanError,
  type ProgressEvent,
  ProjectError,
  UsageError,
} from "../../src/index.ts";
import { removeProject } from "../harness/clean.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { uniqueName } from "../harness/project.ts";

const image = testImages.busybox;
beforeAll(() => ensureImage(image));

function document(command: string): ComposeDocument {
  return { services: { web: { image, command: ["sh", "-c", command], init: true, stop_grace_period: "1s" } } };
}

test("a project is planned, brought up, listed and read; with its scope it is gone", async () => {
  const projectName = uniqueName();
  onTestFinished(() => removeProject(projectName));
  const events: ProgressEvent[] = [];
  const onEvent = (event: ProgressEvent): void => void events.push(event);
  {
    await using compose = await openCompose({ projectName, document: document("echo hello; sleep 1000"), onEvent });
    expect((await compose.plan()).steps.map(({ kind, resource, cause }) => `${kind} ${resource} (${cause})`)).toEqual([
      `network.create network ${projectName}_default (missing)`,
      `container.create container ${projectName}-web-1 (missing)`,
      `container.start container ${projectName}-web-1 (created)`,
    ]);
    expect(await compose.ps({ all: true })).toEqual([]);
    await compose.up({ wait: true });
    expect((await compose.ps()).map(({ service, state }) => [service, state])).toEqual([["web", "running"]]);
    const lines = await all(compose.logs());
    expect(lines.map(({ service, container, stream, text }) => [service, container, stream, text])).toEqual([
      ["web", `${projectName}-web-1`, "stdout", "hello"],
    ]);
    // A pattern with a memory finds the line all the same, as often as it is asked for.
    const grep = /hell/g;
    for (const _ of [1, 2]) expect((await all(compose.logs({ grep }))).map(({ text }) => text)).toEqual(["hello"]);
    expect((await compose.plan()).steps).toEqual([]);
  }
  expect(events.some((event) => event.kind === "step.done" && event.status === "Started")).toBe(true);
  const after = await openCompose({ projectName, document: document("true") });
  expect(await after.ps({ all: true })).toEqual([]);
  await after.close();
});

test("two projects at once in one process; what is closed stays up", async () => {
  const names = [uniqueName(), uniqueName()];
  onTestFinished(() => Promise.all(names.map(removeProject)).then(() => {}));
  const openOne = (projectName: string) => openCompose({ projectName, document: document("sleep 1000") });
  const both = await Promise.all(names.map(openOne));
  await Promise.all(both.map((compose) => compose.up()));
  const listed = (await listProjects()).filter(({ name }) => names.includes(name));
  expect(listed.map(({ states }) => [...states])).toEqual([[["running", 1]], [["running", 1]]]);
  await Promise.all(both.map((compose) => compose.close()));
  await using first = await openOne(names[0] ?? "");
  await using second = await openOne(names[1] ?? "");
  expect([(await first.ps()).length, (await second.ps()).length]).toEqual([1, 1]);
});

test("mistakes reject with all of them as data", async () => {
  const compose = await openCompose({ document: JSON.parse('{"services":{"web":{"imge":"x","ports":5}}}') });
  const failure = await compose.up().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ProjectError);
  if (failure instanceof ProjectError) expect(failure.diagnostics.map(({ code }) => code)).toContain("unknown-key");
  await compose.close();
});

test("progress is iterated over, and a failure ends the iteration with its data", async () => {
  await using compose = await open(document("sleep 1000"));
  const seen: string[] = [];
  for await (const event of compose.up()) {
    seen.push(event.kind === "step.done" ? `${event.resource} ${event.status}` : event.kind);
  }
  expect(seen.at(0)).toBe("plan.started");
  expect(seen.filter((each) => each.startsWith("container"))).toHaveLength(2);
  expect(seen.at(-1)).toBe("plan.finished");

  await using broken = await open(document("exit 3"));
  const run = broken.up({ wait: true });
  const failure = await all(run).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(PlanError);
  if (failure instanceof PlanError) {
    expect(
      failure.failures.map(({ resource, error }) => [resource.replace(/tst-\d+-\d+-/, ""), error.message]),
    ).toEqual([["container web-1", expect.stringContaining("exited (3)")]]);
  }
});

test("commands are run, and what they write is data", async () => {
  await using compose = await open(document("sleep 1000"));
  await compose.up();
  expect(await compose.exec("web", ["sh", "-c", "echo out; echo err >&2; exit 3"])).toEqual({
    exitCode: 3,
    stdout: "out\n",
    stderr: "err\n",
  });
  const upper = await compose.exec("web", ["tr", "a-z", "A-Z"], { input: "straße", env: { LC_ALL: "C" } });
  expect(upper).toEqual({ exitCode: 0, stdout: "STRAßE", stderr: "" });
  await expect(compose.exec("wbe", ["true"])).rejects.toThrow(
    new UsageError("no such service: wbe", 'did you mean "web"?'),
  );
});

test("a container of its own runs a command and is gone; files go both ways; an end is waited for", async () => {
  await using compose = await open(document("until [ -e /tmp/enough ]; do sleep 0.1; done; exit 4"));
  expect(
    await compose.run("web", ["sh", "-c", "cat; echo $WORD >&2; exit 2"], { input: "in", env: { WORD: "hi" } }),
  ).toEqual({
    exitCode: 2,
    stdout: "in",
    stderr: "hi\n",
  });
  expect(await compose.ps({ all: true })).toEqual([]);
  await compose.up();
  const folder = await mkdtemp(path.join(tmpdir(), "tst-library-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(path.join(folder, "note"), "from here");
  await compose.cp(path.join(folder, "note"), "web:/tmp/note");
  expect((await compose.exec("web", ["cat", "/tmp/note"])).stdout).toBe("from here");
  await compose.cp("web:/tmp/note", path.join(folder, "back"));
  expect(await readFile(path.join(folder, "back"), "utf8")).toBe("from here");
  for await (const [one] of compose.stats()) expect(one?.container.service).toBe("web");
  const ended = compose.wait(["web"]);
  const attached = compose.attach("web");
  await sleep(300);
  await compose.exec("web", ["touch", "/tmp/enough"]);
  expect((await ended).map(({ service, exitCode }) => [service, exitCode])).toEqual([["web", 4]]);
  expect((await attached).exitCode).toBe(4);
});

test("a signal ends one call, and disposing works all the same", async () => {
  const controller = new AbortController();
  const projectName = uniqueName();
  onTestFinished(() => removeProject(projectName));
  {
    await using compose = await openCompose({
      projectName,
      document: document("sleep 1000"),
      signal: controller.signal,
    });
    await compose.up();
    const one = new AbortController();
    const following = all(compose.logs({ follow: true, signal: one.signal }));
    const listening = all(compose.events({ signal: one.signal }));
    setTimeout(() => one.abort(), 200);
    await expect(following).rejects.toThrow(CancelledError);
    await expect(listening).rejects.toThrow(CancelledError);
    await expect(compose.up({ forceRecreate: true, signal: one.signal })).rejects.toThrow(CancelledError);
    expect((await compose.ps()).map(({ state }) => state)).toEqual(["running"]);
    controller.abort();
    await expect(compose.ps()).rejects.toThrow();
  }
  await using after = await openCompose({ projectName, document: document("true") });
  expect(await after.ps({ all: true })).toEqual([]);
});

test("every call that is cancelled rejects with the same error", async () => {
  await using compose = await open(document("sleep 1000"));
  await compose.up();
  const soon = (): { readonly signal: AbortSignal } => ({ signal: AbortSignal.timeout(200) });
  const long = ["sleep", "100"];
  const calls: Readonly<Record<string, () => Promise<unknown>>> = {
    exec: () => compose.exec("web", long, soon()),
    run: () => compose.run("web", long, soon()),
    wait: () => compose.wait(["web"], soon()),
    attach: () => compose.attach("web", soon()),
    logs: () => all(compose.logs({ follow: true, ...soon() })),
    events: () => all(compose.events(soon())),
    stats: () => all(compose.stats({ stream: true, ...soon() })),
    project: () => compose.project({ signal: AbortSignal.abort() }),
    down: () => compose.down({ signal: AbortSignal.abort() }),
    port: () => compose.port("web", 80, { signal: AbortSignal.abort() }),
  };
  for (const [name, run] of Object.entries(calls)) {
    const failure = await run().catch((error: unknown) => error);
    expect(failure instanceof CancelledError, name).toBe(true);
  }
  // What run had brought up went with it.
  expect((await compose.ps({ all: true })).map(({ state }) => state)).toEqual(["running"]);
});

test("leaving the scope while something is under way ends that first", async () => {
  const projectName = uniqueName();
  onTestFinished(() => removeProject(projectName));
  let run: Promise<unknown> | undefined;
  {
    await using compose = await openCompose({ projectName, document: document("sleep 1000") });
    run = compose.up({ scale: { web: 5 } }).catch((error: unknown) => error);
  }
  expect(await run).toBeInstanceOf(CancelledError);
  await using after = await openCompose({ projectName });
  expect(await after.ps({ all: true })).toEqual([]);
});

test("the other verbs do what they say", async () => {
  await using compose = await open(document("sleep 1000"));
  const states = async (): Promise<readonly string[]> =>
    (await compose.ps({ all: true })).map(({ number, state }) => `${number} ${state}`);
  await compose.create();
  expect(await states()).toEqual(["1 created"]);
  await compose.start();
  await compose.scale({ web: 2 });
  expect(await states()).toEqual(["1 running", "2 running"]);
  await compose.pause();
  expect(await states()).toEqual(["1 paused", "2 paused"]);
  await compose.unpause();
  await compose.up({ scale: { web: 1 } });
  await compose.restart({ timeoutSeconds: 0 });
  expect(await states()).toEqual(["1 running"]);
  expect((await compose.top()).flatMap(({ processes }) => processes.map((each) => each.at(-1)))).toContain(
    "sleep 1000",
  );
  expect((await compose.images()).map(({ container }) => container.service)).toEqual(["web"]);
  expect(await compose.volumes()).toEqual([]);
  expect(await compose.config()).toContain("services:\n  web:\n");
  await compose.kill({ signalName: "SIGKILL" });
  await compose.rm({ stop: true });
  expect(await states()).toEqual([]);
});

test("a wait of at most 0 seconds takes as long as it takes", async () => {
  const healthcheck = { test: "test -f /tmp/ready", interval: "100ms", retries: 1000 };
  const web = { image, init: true, command: ["sh", "-c", "sleep 1; touch /tmp/ready; sleep 1000"], healthcheck };
  await using compose = await open({ services: { web } });
  await compose.create();
  await compose.start({ wait: true, waitTimeoutSeconds: 0 });
  expect((await compose.ps()).map(({ health }) => health)).toEqual(["healthy"]);
});

test("images are built and made of containers, archives are taken out", async () => {
  const projectName = uniqueName();
  onTestFinished(() => removeProject(projectName));
  const folder = await mkdtemp(path.join(tmpdir(), "tst-library-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(path.join(folder, "Dockerfile"), `FROM ${image}\nRUN echo built > /made\n`);
  const built: ComposeDocument = { services: { web: { build: ".", init: true, command: "sleep 1000" } } };
  await using compose = await openCompose({ projectName, cwd: folder, document: built });
  const steps: string[] = [];
  for await (const event of compose.build()) if (event.kind === "step.done") steps.push(event.status);
  expect(steps).toEqual(["Built"]);
  await compose.up();
  expect((await compose.exec("web", ["cat", "/made"])).stdout).toBe("built\n");
  let bytes = 0;
  await compose.export("web", (chunk) => void (bytes += chunk.length));
  expect(bytes).toBeGreaterThan(100_000);
  const { image: snapshot } = await compose.commit("web", { reference: `${projectName}-web:later` });
  expect(snapshot).toMatch(/^sha256:/);
});

test("containers are kept like their files until somebody says stop", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "tst-library-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(path.join(folder, "note"), "one");
  const projectName = uniqueName();
  onTestFinished(() => removeProject(projectName));
  const develop = { watch: [{ path: folder, action: "sync", target: "/data", initial_sync: true }] } as const;
  const watched: ComposeDocument = { services: { web: { image, init: true, command: "sleep 1000", develop } } };
  await using compose = await openCompose({ projectName, document: watched });
  const stop = new AbortController();
  const watching = compose.watch({ stop: stop.signal });
  const read = async (): Promise<string> =>
    (await compose.exec("web", ["cat", "/data/note"]).catch(() => ({ stdout: "" }))).stdout;
  await expect.poll(read, { timeout: 15_000 }).toBe("one");
  await writeFile(path.join(folder, "note"), "two");
  await expect.poll(read, { timeout: 15_000 }).toBe("two");
  stop.abort();
  await watching;
  expect((await compose.ps()).map(({ state }) => state)).toEqual(["running"]);
});

test("the parts do by hand what up does", async () => {
  const projectName = uniqueName();
  onTestFinished(() => removeProject(projectName));
  const environment = new Map(Object.entries(process.env).flatMap(([name, value]) => (value ? [[name, value]] : [])));
  const source = { cwd: "/", environment, projectName, document: { services: { web: { image } } } };
  const { project } = await loadProject(source);
  const engine = await connect({ environment });
  const { signal } = new AbortController();
  const interest = { resources: true, images: true, strangers: true };
  const plan = planUp(project, await observe(engine, project, { interest, signal }), defaultUpOptions);
  expect(formatPlan(plan, { colour: false }).replaceAll(projectName, "p")).toMatchInlineSnapshot(`
    "2 to create

    + create  network p_default  missing
    + create  container p-web-1  missing
    "
  `);
  const { created } = await execute(plan, { engine, project, verb: "up", signal, onEvent: () => {} });
  expect(created.size).toBe(1);
  // An engine that one has is used, and stays open.
  const compose = await openCompose({ projectName, engine });
  expect(await compose.ps({ all: true })).toHaveLength(1);
  await compose[Symbol.asyncDispose]();
  expect(await engine.listContainers({ project: projectName, all: true })).toEqual([]);
  await engine.close();
});

async function open(given: ComposeDocument): Promise<Compose> {
  const projectName = uniqueName();
  onTestFinished(() => removeProject(projectName));
  return openCompose({ projectName, document: given });
}

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
