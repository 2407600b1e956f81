import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { connect } from "../../src/engine/connect.ts";
import type { CreateContainer, Engine, EngineEvent, LogChunk } from "../../src/engine/engine.ts";
import { EngineError } from "../../src/model/error.ts";
import { composeLabels } from "../../src/model/labels.ts";
import type { Project, Service } from "../../src/model/project.ts";
import { fakeEngine } from "../harness/fake-engine.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { freePort } from "../harness/ports.ts";

/** The same questions to the fake engine and to a real one: the fake is worth as much as its answers are true. */

const image = testImages.busybox;
// As the harness names what it sweeps away.
const name = `tst-${process.pid}-${Date.now() % 100_000}-contract`;
const environment = new Map(
  Object.entries(process.env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
);

const project: Project = {
  name,
  workingDir: "/",
  files: [],
  envFiles: [],
  environment: new Map(),
  profiles: [],
  services: new Map(),
  disabledServices: new Map(),
  networks: new Map([["net", { key: "net", name: `${name}_net` }]]),
  volumes: new Map([["data", { key: "data", name: `${name}_data` }]]),
  secrets: new Map(),
  configs: new Map(),
  models: new Map(),
  extensions: new Map(),
  separator: "-",
  origins: new Map(),
};

async function openReal(): Promise<Engine | undefined> {
  try {
    const engine = await connect({ environment });
    await ensureImage(image);
    return engine;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    console.warn(`the contract is checked against the fake engine only: ${error.message}`);
    return undefined;
  }
}

const real = await openReal();

describe("fake engine", () => contract("fake", fakeEngine({ images: { [image]: {} } })));
describe.skipIf(real === undefined)("real engine", () => {
  if (real !== undefined) contract("real", real);
});

function contract(kind: "fake" | "real", engine: Engine): void {
  let count = 0;

  function request(service: Partial<Service>, more: Partial<CreateContainer> = {}): CreateContainer {
    count += 1;
    const finalName = `${name}-web-${count}`;
    return {
      project,
      service: { name: "web", network_mode: "none", init: true, ...service },
      image,
      name: finalName,
      finalName,
      labels: new Map([
        [composeLabels.project, name],
        [composeLabels.service, "web"],
        [composeLabels.containerNumber, String(count)],
        [composeLabels.oneOff, "False"],
      ]),
      references: new Map(),
      inherits: [],
      ...more,
    };
  }
  const create = async (service: Partial<Service> = {}, more: Partial<CreateContainer> = {}): Promise<string> =>
    (await engine.createContainer(request(service, more))).id;
  const sleeping = { command: ["sleep", "infinity"] };
  const talking = { command: ["sh", "-c", "echo ready; sleep infinity"] };
  /** It hears signals by now: an init process that has hardly begun ignores them. */
  const ready = async (id: string): Promise<void> => {
    for await (const _ of engine.logs(id, { follow: true, timestamps: false, tty: false })) break;
  };
  const listening = async (service: Partial<Service> = {}): Promise<string> => {
    const id = await create({ ...talking, ...service });
    await engine.startContainer(id);
    await ready(id);
    return id;
  };
  const state = async (id: string): Promise<string> => (await engine.inspectContainer(id)).state;
  const listed = async (id: string) =>
    (await engine.listContainers({ project: name, all: true })).find((each) => each.id === id);

  async function cleanUp(): Promise<void> {
    for (const each of await engine.listContainers({ project: name, all: true }))
      await engine.removeContainer(each.id, { volumes: true });
    await engine.removeNetwork(`${name}_net`);
    await engine.removeVolume(`${name}_data`);
  }
  beforeAll(cleanUp);
  afterAll(cleanUp);

  test("a container is created, started, listed, stopped and removed", async () => {
    const id = await create(talking);
    expect(id).toMatch(/^[0-9a-f]{64}$/);
    expect(await listed(id)).toMatchObject({
      name: `${name}-web-${count}`,
      project: name,
      service: "web",
      number: count,
      oneOff: false,
      state: "created",
      health: "none",
      image,
    });
    await engine.startContainer(id);
    await engine.startContainer(id);
    await ready(id);
    expect(await state(id)).toBe("running");
    await engine.stopContainer(id, {});
    await engine.stopContainer(id, {});
    expect(await listed(id)).toMatchObject({ state: "exited", exitCode: 143 });
    await engine.removeContainer(id, { volumes: true });
    await engine.removeContainer(id, { volumes: true });
    expect(await listed(id)).toBeUndefined();
  });

  test("only running containers are listed unless all are asked for", async () => {
    const id = await create(sleeping);
    expect((await engine.listContainers({ project: name, all: false })).map((each) => each.id)).not.toContain(id);
    expect(await engine.listContainers({ project: `${name}-other`, all: true })).toEqual([]);
  });

  test.each<[string, number, RegExp, () => Promise<unknown>]>([
    ["an image that is not there", 404, /image nope:1 is not on this engine/, () => create({}, { image: "nope:1" })],
    ["a container that is not there", 404, /No such container: nope/, () => engine.inspectContainer("nope")],
    [
      "a name that is taken",
      409,
      /the name \S+ is taken by another container \([0-9a-f]{12}\)/,
      async () => {
        await create({}, { name: `${name}-taken` });
        await create({}, { name: `${name}-taken` });
      },
    ],
    [
      "a new name that is taken",
      409,
      /is taken by another container/,
      async () => engine.renameContainer(await create(), `${name}-taken`),
    ],
    ["to pause what does not run", 409, /is not running/, async () => engine.pauseContainer(await create())],
    ["to kill what does not run", 409, /is not running/, async () => engine.killContainer(await create(), "SIGKILL")],
    ["to unpause what is not paused", 500, /is not paused/, async () => engine.unpauseContainer(await create())],
    [
      "to run a command in what does not run",
      409,
      /is not running/,
      async () =>
        engine.createExec(await create(), {
          command: ["true"],
          tty: false,
          stdin: false,
          privileged: false,
          detach: false,
        }),
    ],
    [
      "a program that is not in the image",
      400,
      /there is no program "nope" in the image/,
      async () => engine.startContainer(await create({ command: ["nope"], init: false })),
    ],
    [
      "a network that is not there",
      404,
      /network \S+_net not found/,
      async () => {
        const { network_mode: _, ...service } = request({}).service;
        await engine.startContainer(await create({}, { service: { ...service, networks: new Map([["net", null]]) } }));
      },
    ],
    [
      "to start a paused container",
      409,
      /cannot start a paused container, try unpause instead/,
      async () => {
        const id = await create(sleeping);
        await engine.startContainer(id);
        await engine.pauseContainer(id);
        expect(await listed(id)).toMatchObject({ state: "paused" });
        try {
          await engine.startContainer(id);
        } finally {
          await engine.unpauseContainer(id);
        }
      },
    ],
    [
      "a port that another container has",
      500,
      /the port \S+:\d+ is taken by the container \S+ of the project/,
      async () => {
        const { network_mode: _, ...service } = request({}).service;
        const networks = new Map([["net", null]]);
        const ports = [{ target: 80, published: String(await freePort()), protocol: "tcp" }];
        const net = await engine.createNetwork({ key: "net", name: `${name}_net` }, new Map());
        const first = await create({}, { service: { ...service, ...sleeping, networks, ports } });
        await engine.startContainer(first);
        const second = await create({}, { service: { ...service, ...sleeping, networks, ports } });
        try {
          await engine.startContainer(second);
        } finally {
          await engine.removeContainer(first, { volumes: true });
          await engine.removeContainer(second, { volumes: true });
          await engine.removeNetwork(net);
        }
      },
    ],
  ])("refuses %s", async (_what, status, message, doIt) => {
    const failure: unknown = await doIt().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(EngineError);
    expect(failure).toMatchObject({ status, message: expect.stringMatching(message) as string });
  });

  test("the exit code arrives, by waiting and by inspecting", async () => {
    const id = await create({ command: ["sh", "-c", "sleep 0.1; exit 3"] });
    const wait = await engine.waitContainer(id, "next-exit");
    await engine.startContainer(id);
    expect(await wait.exitCode).toBe(3);
    expect(await (await engine.waitContainer(id, "not-running")).exitCode).toBe(3);
    expect(await engine.inspectContainer(id)).toMatchObject({ state: "exited", exitCode: 3, outOfMemory: false });
    expect(await listed(id)).toMatchObject({ state: "exited", exitCode: 3 });
  });

  test("a removed container ends the wait for its removal", async () => {
    const id = await create(sleeping);
    await engine.startContainer(id);
    const wait = await engine.waitContainer(id, "removed");
    await engine.removeContainer(id, { volumes: true });
    expect(await wait.exitCode).toBe(137);
  });

  test("a first process without a handler outlives the stop signal, and then it is killed", async () => {
    const id = await create({ ...sleeping, init: false, stop_grace_period: 1000 });
    await engine.startContainer(id);
    const before = Date.now();
    await engine.stopContainer(id, {});
    expect(Date.now() - before).toBeGreaterThan(900);
    expect(await listed(id)).toMatchObject({ state: "exited", exitCode: 137 });
  });

  test("a trap answers the stop signal", async () => {
    const script = "trap 'exit 7' TERM; echo ready; sleep 100 & wait";
    const id = await listening({ command: ["sh", "-c", script], init: false });
    await engine.stopContainer(id, {});
    expect(await listed(id)).toMatchObject({ exitCode: 7 });
  });

  test("a restart policy brings a failed container back, but not one that was stopped", async () => {
    const id = await create({ command: ["sh", "-c", "sleep 0.1; exit 1"], restart: "on-failure:2" });
    const deaths = await watch("die", 3);
    await engine.startContainer(id);
    await deaths.done;
    expect(await engine.inspectContainer(id)).toMatchObject({ restartCount: 2, exitCode: 1 });
    const other = await listening({ restart: "always" });
    await engine.stopContainer(other, {});
    expect(await listed(other)).toMatchObject({ state: "exited" });
  });

  test("health goes from starting to healthy, with probes to look at", async () => {
    const id = await create({
      ...sleeping,
      healthcheck: {
        test: ["CMD", "test", "-f", "/tmp/ready"],
        interval: 50,
        start_period: 60_000,
        start_interval: 50,
      },
    });
    await engine.startContainer(id);
    expect((await listed(id))?.health).toBe("starting");
    const ready = { command: ["touch", "/tmp/ready"], tty: false, stdin: false, privileged: false, detach: false };
    const exec = await engine.createExec(id, ready);
    await text((await engine.startExec(exec, { tty: false, stdin: false })).output);
    await seen(id, "health_status: healthy");
    expect((await listed(id))?.health).toBe("healthy");
    const { health, probes } = await engine.inspectContainer(id);
    expect(health).toBe("healthy");
    expect(probes.at(-1)?.exitCode).toBe(0);
  });

  test("failed probes make it unhealthy, and their output is kept", async () => {
    const id = await create({
      ...sleeping,
      healthcheck: { test: ["CMD-SHELL", "echo not yet; exit 1"], interval: 50, retries: 2 },
    });
    await engine.startContainer(id);
    await seen(id, "health_status: unhealthy");
    const { health, probes } = await engine.inspectContainer(id);
    expect(health).toBe("unhealthy");
    expect(probes.at(-1)).toEqual({ exitCode: 1, output: "not yet\n" });
  });

  test("events tell a life in order", async () => {
    const stop = new AbortController();
    const events = await engine.events({ project: name }, stop.signal);
    const id = await listening();
    await engine.stopContainer(id, {});
    await engine.renameContainer(id, `${name}-renamed`);
    await engine.removeContainer(id, { volumes: true });
    const actions: string[] = [];
    for await (const event of events) {
      if (event.containerId !== id) continue;
      actions.push(event.action);
      expect(event.attributes.get(composeLabels.service)).toBe("web");
      expect(event.timeNano > 1_600_000_000_000_000_000n).toBe(true);
      if (event.action === "destroy") break;
    }
    stop.abort();
    // Which of the two comes first is not said.
    expect(actions.map((action) => (action === "die" ? "stop" : action))).toEqual([
      "create",
      "start",
      "kill",
      "stop",
      "stop",
      "rename",
      "destroy",
    ]);
  });

  test("an abort ends a subscription with CancelledError", async () => {
    const stop = new AbortController();
    const events = await engine.events({ project: name }, stop.signal);
    setTimeout(() => stop.abort(), 20);
    await expect(drain(events)).rejects.toMatchObject({ name: "CancelledError" });
  });

  test("logs keep both streams apart; tail counts lines; following ends with the container", async () => {
    const id = await create({ command: ["sh", "-c", "echo one; echo two >&2; sleep 0.2; echo three"] });
    await engine.startContainer(id);
    const options = { timestamps: false, tty: false };
    expect(await text(engine.logs(id, { ...options, follow: true }))).toEqual({
      stdout: "one\nthree\n",
      stderr: "two\n",
    });
    expect(await text(engine.logs(id, { ...options, follow: false, tail: 1 }))).toEqual({
      stdout: "three\n",
      stderr: "",
    });
    const stamped = await text(engine.logs(id, { ...options, timestamps: true, follow: false, tail: 1 }));
    expect(stamped.stdout).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z three\n$/);
  });

  test("a command runs in a running container and leaves its code", async () => {
    const id = await create(sleeping);
    await engine.startContainer(id);
    const command = ["sh", "-c", "echo out; echo err >&2; exit 5"];
    const exec = await engine.createExec(id, { command, tty: false, stdin: false, privileged: false, detach: false });
    const session = await engine.startExec(exec, { tty: false, stdin: false });
    expect(await text(session.output)).toEqual({ stdout: "out\n", stderr: "err\n" });
    // The real one ends the output a moment before it knows the code.
    await expect.poll(() => engine.inspectExec(exec), { timeout: 20_000 }).toEqual({ running: false, exitCode: 5 });
  });

  test("attached before the start, nothing of the output is lost", async () => {
    const id = await create({ command: ["sh", "-c", "echo first; sleep 0.1; echo last"] });
    const session = await engine.attach(id, { stdin: false, stdout: true, stderr: true, logs: false, tty: false });
    await engine.startContainer(id);
    expect((await text(session.output)).stdout).toBe("first\nlast\n");
  });

  test("networks: one of a name, found by it, held by running containers only", async () => {
    const labels = new Map([[composeLabels.project, name]]);
    const id = await engine.createNetwork({ key: "net", name: `${name}_net` }, labels);
    await expect(engine.createNetwork({ key: "net", name: `${name}_net` }, labels)).rejects.toMatchObject({
      status: 409,
    });
    expect(await engine.findNetwork(`${name}_net`)).toMatchObject({ id, name: `${name}_net` });
    expect(await engine.findNetwork(name)).toBeUndefined();
    expect((await engine.listNetworks({ project: name })).map((each) => each.id)).toEqual([id]);
    const { network_mode: _, ...service } = request(sleeping).service;
    const container = await create({}, { service: { ...service, networks: new Map([["net", null]]) } });
    await engine.startContainer(container);
    expect([...((await listed(container))?.networks.keys() ?? [])]).toEqual([`${name}_net`]);
    expect(await engine.removeNetwork(id)).toBe("in use");
    await engine.stopContainer(container, {});
    await engine.disconnectNetwork(id, container);
    expect(await engine.removeNetwork(id)).toBe("removed");
    expect(await engine.removeNetwork(id)).toBe("absent");
  });

  test("volumes: created once, listed, held by stopped containers too", async () => {
    const labels = new Map([[composeLabels.project, name]]);
    const volume = { key: "data", name: `${name}_data` };
    await engine.createVolume(volume, labels);
    await engine.createVolume(volume, labels);
    expect((await engine.listVolumes({ project: name })).map((each) => each.name)).toEqual([volume.name]);
    const id = await create({ volumes: [{ type: "volume", source: "data", target: "/data" }] });
    expect((await listed(id))?.mounts).toMatchObject([
      { type: "volume", name: volume.name, destination: "/data", writable: true },
    ]);
    expect(await engine.removeVolume(volume.name)).toBe("in use");
    await engine.removeContainer(id, { volumes: true });
    expect(await engine.removeVolume(volume.name)).toBe("removed");
    expect(await engine.removeVolume(volume.name)).toBe("absent");
    expect(await engine.findVolume(volume.name)).toBeUndefined();
  });

  test("images: found by name, in use while a container is made of them", async () => {
    expect(await engine.findImage(image)).toMatchObject({ os: "linux" });
    expect(await engine.findImage(image, "linux/imaginary")).toBeUndefined();
    expect(await engine.findImage("nope:1")).toBeUndefined();
    await create();
    if (kind === "fake") expect(await engine.removeImage(image)).toBe("in use");
    expect(await engine.removeImage("nope:1")).toBe("absent");
  });

  async function seen(id: string, action: string): Promise<void> {
    const stop = new AbortController();
    for await (const event of await engine.events(
      { project: name, since: String(Date.now() / 1000 - 60) },
      stop.signal,
    )) {
      if (event.containerId === id && event.action === action) break;
    }
    stop.abort();
  }

  /** Subscribes, and promises to have seen so many events of a kind. */
  async function watch(action: string, times: number): Promise<{ readonly done: Promise<void> }> {
    const stop = new AbortController();
    const events = await engine.events({ project: name }, stop.signal);
    const done = (async () => {
      let left = times;
      for await (const event of events) if (event.action === action && --left === 0) break;
      stop.abort();
    })();
    return { done };
  }
}

async function text(chunks: AsyncIterable<LogChunk>): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const collected = { stdout: "", stderr: "" };
  for await (const { stream, bytes } of chunks) collected[stream] += Buffer.from(bytes).toString();
  return collected;
}

async function drain(events: AsyncIterable<EngineEvent>): Promise<void> {
  for await (const _ of events);
}
