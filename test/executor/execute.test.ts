import { setTimeout as sleep } from "node:timers/promises";

import { describe, expect, test } from "vitest";

import type { CreateContainer, Engine } from "../../src/engine/engine.ts";
import { execute } from "../../src/executor/execute.ts";
import { CancelledError, EngineError, PlanError } from "../../src/model/error.ts";
import type { ProgressEvent } from "../../src/model/event.ts";
import { composeLabels } from "../../src/model/labels.ts";
import { planRestart } from "../../src/planner/restart.ts";
import { planKill } from "../../src/planner/signal.ts";
import { fakeEngine } from "../harness/fake-engine.ts";
import { bringUp, load, look, perform, planFor } from "../harness/stage.ts";

const sleeping = { image: "busybox", command: ["sleep", "infinity"], init: true };
const quick = { interval: "20ms", timeout: "1s", retries: 2, start_interval: "10ms", start_period: "0s" };

describe("a plan that works", () => {
  test("is told step by step, in docker compose's words", async () => {
    const engine = fakeEngine();
    const shop = await load({
      services: { web: { ...sleeping, depends_on: ["db"] }, db: { ...sleeping, volumes: ["data:/data"] } },
      volumes: { data: {} },
    });
    const { lines } = await bringUp(engine, shop);
    expect(lines).toMatchInlineSnapshot(`
      [
        "network p_default Creating",
        "volume p_data Creating",
        "network p_default Created",
        "volume p_data Created",
        "container p-web-1 Creating",
        "container p-db-1 Creating",
        "container p-web-1 Created",
        "container p-db-1 Created",
        "container p-db-1 Starting",
        "container p-db-1 Started",
        "container p-web-1 Starting",
        "container p-web-1 Started",
      ]
    `);
    expect((await bringUp(engine, shop)).lines).toEqual(["container p-db-1 Running", "container p-web-1 Running"]);
  });

  test("a replacement begins with Recreate and ends with Recreated", async () => {
    const engine = fakeEngine();
    await bringUp(engine, await load({ services: { web: sleeping } }));
    const { lines } = await bringUp(engine, await load({ services: { web: { ...sleeping, user: "1" } } }));
    expect(lines).toMatchInlineSnapshot(`
      [
        "container p-web-1 Recreate",
        "container p-web-1 Created",
        "container p-web-1 Stopping",
        "container p-web-1 Stopped",
        "container p-web-1 Removing",
        "container p-web-1 Removed",
        "container p-web-1 Renaming",
        "container p-web-1 Recreated",
        "container p-web-1 Starting",
        "container p-web-1 Started",
      ]
    `);
  });

  test("runs what is independent at once, but not more than is good for an engine", async () => {
    const services = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`s${index}`, sleeping]));
    const busiest = async (parallel?: number): Promise<number> => {
      const { engine, most } = counting(fakeEngine());
      const project = await load({ services });
      await perform(engine, project, {
        plan: await planFor(engine, project),
        ...(parallel !== undefined && { parallel }),
      });
      return most();
    };
    expect(await busiest()).toBe(8);
    expect(await busiest(2)).toBe(2);
    expect(await busiest(-1)).toBe(8);
  });

  test("secrets and configs lie where they belong before the container starts", async () => {
    const engine = fakeEngine();
    const command = ["sh", "-c", "test -f /run/secrets/key && test -f /etc/app && sleep infinity"];
    const project = await load(
      {
        services: { web: { ...sleeping, command, secrets: ["key"], configs: [{ source: "app", target: "/etc/app" }] } },
        secrets: { key: { environment: "KEY" } },
        configs: { app: { content: "x" } },
      },
      { environment: { KEY: "s3cret" } },
    );
    await bringUp(engine, project, { wait: true });
    expect((await look(engine, project)).containers.map(({ state }) => state)).toEqual(["running"]);
  });
});

describe("a step that fails", () => {
  test("keeps only what needs it from running, and says what it knows", async () => {
    const engine = fakeEngine();
    const project = await load({
      services: {
        web: { ...sleeping, depends_on: { db: { condition: "service_healthy" } } },
        top: { ...sleeping, depends_on: ["web"] },
        db: {
          image: "busybox",
          command: ["sh", "-c", "echo starting; echo no disk >&2; sleep infinity"],
          healthcheck: { test: "echo refused; exit 3", ...quick },
        },
        other: sleeping,
      },
    });
    const { failures, skipped, error } = await bringUp(engine, project);
    expect(error).toBeInstanceOf(PlanError);
    expect(failures).toMatchInlineSnapshot(`
      [
        "container p-db-1 | container p-db-1 is unhealthy | last health checks (echo refused; exit 3): |   exit 3: refused |   exit 3: refused | last log lines: |   starting |   no disk",
      ]
    `);
    expect(skipped).toMatchInlineSnapshot(`
      [
        "container p-web-1 because of container p-db-1",
        "container p-top-1 because of container p-db-1",
      ]
    `);
    const states = (await look(engine, project)).containers.map(({ name, state }) => `${name} ${state}`).sort();
    expect(states).toEqual(["p-db-1 running", "p-other-1 running", "p-top-1 created", "p-web-1 created"]);
  });

  test("all failures are told, not the first", async () => {
    const project = await load({
      services: { a: { image: "busybox", command: ["nosuch"] }, b: { image: "busybox", command: ["neither"] } },
    });
    const { failures, error } = await bringUp(fakeEngine(), project);
    expect(failures).toHaveLength(2);
    expect(error).toBeInstanceOf(PlanError);
  });

  test("a job that ends badly blocks who waits for it", async () => {
    const project = await load({
      services: {
        web: { ...sleeping, depends_on: { init: { condition: "service_completed_successfully" } } },
        init: { image: "busybox", command: ["sh", "-c", "echo cannot migrate; exit 4"] },
      },
    });
    const { failures, skipped } = await bringUp(fakeEngine(), project);
    expect(failures).toMatchInlineSnapshot(`
      [
        "container p-init-1 | container p-init-1 didn't complete successfully: it exited (4) | last log lines: |   cannot migrate",
      ]
    `);
    expect(skipped).toEqual(["container p-web-1 because of container p-init-1"]);
  });

  test("an optional dependency that fails is a warning, whichever of its steps it is", async () => {
    const optional = (condition: string): object => ({ db: { condition, required: false } });
    const healthcheck = { test: "exit 1", ...quick };
    const sick = await load({
      services: { web: { ...sleeping, depends_on: optional("service_healthy") }, db: { ...sleeping, healthcheck } },
    } as never);
    const unhealthy = await bringUp(fakeEngine(), sick);
    expect(unhealthy.error).toBeUndefined();
    expect(unhealthy.lines.filter((line) => /warning|web-1 Started/.test(line))).toMatchInlineSnapshot(`
      [
        "warning: optional dependency failed: container p-db-1 is unhealthy",
        "container p-web-1 Started",
      ]
    `);
    const broken = await load({
      services: {
        web: { ...sleeping, depends_on: optional("service_started") },
        db: { image: "busybox", command: ["nosuch"] },
      },
    } as never);
    const { failures, lines } = await bringUp(fakeEngine(), broken);
    expect(failures).toHaveLength(1);
    expect(lines).toContain("container p-web-1 Started");
  });

  test("a hook that fails, by its status and command", async () => {
    const post_start = [{ command: ["sh", "-c", "echo no; exit 9"] }];
    const project = await load({
      services: { db: { ...sleeping, post_start }, web: { ...sleeping, depends_on: ["db"] } },
    });
    const { failures, skipped } = await bringUp(fakeEngine(), project);
    expect(failures[0]).toContain('post_start hook of service "db" exited with status 9');
    expect(skipped).toEqual(["container p-web-1 because of container p-db-1"]);
  });

  test("a hook's status is waited for: the engine ends its output a moment before it knows it", async () => {
    const post_start = [{ command: ["sh", "-c", "echo yes"] }];
    const project = await load({ services: { web: { ...sleeping, post_start } } });
    const engine = fakeEngine();
    let asked: number | undefined;
    // On an engine with a lot to do the moment is a long one.
    const late: Engine = {
      ...engine,
      async inspectExec(id) {
        asked ??= Date.now();
        return Date.now() - asked < 2000 ? { running: true, exitCode: undefined } : engine.inspectExec(id);
      },
    };
    const { failures } = await bringUp(late, project);
    expect(failures).toEqual([]);
  });

  test("logs that cannot be read do not hide what the health checks said", async () => {
    const healthcheck = { test: "echo no database; exit 1", ...quick };
    const project = await load({ services: { web: { ...sleeping, healthcheck } } });
    const engine = fakeEngine();
    const mute: Engine = {
      ...engine,
      logs: () => {
        throw new EngineError("configured logging driver does not support reading", {
          status: 501,
          operation: "read logs",
          resource: "container p-web-1",
        });
      },
    };
    const [failure] = (await bringUp(mute, project, { wait: true })).failures;
    expect(failure).toContain("exit 1: no database");
    expect(failure).toContain("its logs cannot be read: configured logging driver does not support reading");
  });
});

describe("--wait", () => {
  const up = async (service: object, options: object = {}): Promise<readonly string[]> => {
    const project = await load({ services: { web: { image: "busybox", ...service }, ok: sleeping } });
    const { failures, lines } = await bringUp(fakeEngine(), project, { wait: true, ...options });
    return failures.length > 0
      ? failures
      : lines.filter((line) => /^container p-web-1 (Running|Exited|Healthy)/.test(line));
  };

  test("a container that starts and dies is a failure, however late", async () => {
    expect(await up({ command: ["sh", "-c", "echo bye; exit 5"] })).toMatchInlineSnapshot(`
      [
        "container p-web-1 | container p-web-1 exited (5) | last log lines: |   bye",
      ]
    `);
    expect(await up({ command: ["sh", "-c", "sleep 1; exit 5"] })).toMatchInlineSnapshot(`
      [
        "container p-web-1 | container p-web-1 exited (5) | it logged nothing",
      ]
    `);
  });

  test("that it was the memory may be known a moment after the end", async () => {
    const engine = fakeEngine();
    const late: Engine = {
      ...engine,
      async inspectContainer(id, signal) {
        const container = await engine.inspectContainer(id, signal);
        const known = container.state === "exited" && Date.now() - Date.parse(container.finishedAt) > 50;
        return { ...container, outOfMemory: known };
      },
    };
    const project = await load({ services: { web: { image: "busybox", command: ["sh", "-c", "exit 137"] } } });
    const [failure] = (await bringUp(late, project, { wait: true })).failures;
    expect(failure).toContain("exited (137), because it used more memory than it may");
  });

  test("one that does what it has to and ends is done", async () => {
    expect(await up({ command: ["true"] })).toEqual(["container p-web-1 Exited"]);
  });

  test("one that was up has to stay up until the last of the others is", async () => {
    const project = await load({
      services: {
        short: { image: "busybox", command: ["sh", "-c", "sleep 1.8; exit 7"] },
        slow: {
          ...sleeping,
          healthcheck: { test: "test -f /ready", ...quick, start_period: "10s" },
          command: ["sh", "-c", "sleep 2.2; touch /ready; sleep infinity"],
        },
      },
    });
    const { failures } = await bringUp(fakeEngine(), project, { wait: true });
    expect(failures).toMatchInlineSnapshot(`
      [
        "container p-short-1 | container p-short-1 exited (7), after it had been up | it logged nothing",
      ]
    `);
  });

  test("--wait-timeout ends it, with the last that is known", async () => {
    const healthcheck = { test: "echo not yet; exit 1", ...quick, start_period: "10s" };
    expect(await up({ command: ["sleep", "infinity"], healthcheck }, { waitTimeoutMs: 2000 })).toMatchInlineSnapshot(`
      [
        "container p-web-1 | container p-web-1 is not healthy yet: its last check ended with 1, not yet, and time is up | last health checks (echo not yet; exit 1): |   exit 1: not yet |   exit 1: not yet |   exit 1: not yet | it logged nothing",
      ]
    `);
  });

  test("a time limit that is longer than a timer may be is not over at once", async () => {
    const healthcheck = { test: "test -f /ready", ...quick, start_period: "10s" };
    const command = ["sh", "-c", "sleep 0.5; touch /ready; sleep infinity"];
    const days = 30 * 24 * 3_600_000;
    expect(await up({ command, healthcheck }, { waitTimeoutMs: days })).toEqual(["container p-web-1 Healthy"]);
  });
});

describe("cancelling", () => {
  test("ends at once, while something is waited for, and starts nothing more", async () => {
    const engine = fakeEngine();
    const project = await load({
      services: {
        web: { ...sleeping, depends_on: { db: { condition: "service_healthy" } } },
        db: { ...sleeping, healthcheck: { test: "exit 1", interval: "1s", start_period: "100s" } },
      },
    });
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(), 100);
    const began = Date.now();
    const { error } = await perform(engine, project, { plan: await planFor(engine, project), signal: cancel.signal });
    expect(error).toBeInstanceOf(CancelledError);
    expect(Date.now() - began).toBeLessThan(20_000);
    expect((await look(engine, project)).containers.find(({ service }) => service === "web")?.state).toBe("created");
    // What was begun can be gone on with.
    const { containers } = await look(engine, project);
    expect(containers).toHaveLength(2);
  });

  test("what the engine works at is waited for: whoever looks next finds it done", async () => {
    const engine = fakeEngine();
    const project = await load({ services: { web: { ...sleeping, depends_on: ["db"] }, db: sleeping } });
    const plan = await planFor(engine, project);
    const cancel = new AbortController();
    const slow: Engine = {
      ...engine,
      async startContainer(id, signal) {
        cancel.abort();
        await sleep(300, undefined, { signal });
        return engine.startContainer(id);
      },
    };
    const { error } = await perform(slow, project, { plan, signal: cancel.signal });
    expect(error).toBeInstanceOf(CancelledError);
    const states = (await look(engine, project)).containers.map(({ service, state }) => `${service} ${state}`);
    expect(states.toSorted()).toEqual(["db running", "web created"]);
  });

  test("so is what it starts again", async () => {
    const engine = fakeEngine();
    const project = await load({ services: { web: sleeping } });
    await bringUp(engine, project);
    const plan = planRestart(project, await look(engine, project), { services: [], noDeps: false });
    const cancel = new AbortController();
    const slow: Engine = {
      ...engine,
      async restartContainer(id, options, signal) {
        await engine.stopContainer(id, options);
        cancel.abort();
        await sleep(300, undefined, { signal });
        return engine.startContainer(id);
      },
    };
    const { error } = await perform(slow, project, { plan, signal: cancel.signal });
    expect(error).toBeInstanceOf(CancelledError);
    expect((await look(engine, project)).containers.map(({ state }) => state)).toEqual(["running"]);
  });

  test("an engine that goes away ends every wait with its error", async () => {
    const engine = fakeEngine();
    const project = await load({
      services: {
        web: { ...sleeping, depends_on: { db: { condition: "service_healthy" } } },
        db: { ...sleeping, healthcheck: { test: "exit 1", interval: "1s", start_period: "100s" } },
      },
    });
    const deaf: Engine = {
      ...engine,
      events: async (filter, signal) => {
        const events = await engine.events(filter, signal);
        return closingAfter(events, 150);
      },
    };
    const { failures } = await perform(deaf, project, { plan: await planFor(deaf, project) });
    expect(failures[0]).toContain("the engine closed the connection while we waited");
  });
});

describe("what somebody else does since we looked", () => {
  test.each([
    ["p", []],
    ["other", ['warning: network "p_default" was made meanwhile, and not for project "p"; it is used as it is']],
  ])("a network that %s has made by now is used", async (owner, warnings) => {
    const engine = fakeEngine();
    const project = await load({ services: { web: sleeping } });
    const plan = await planFor(engine, project);
    const labels = new Map([[composeLabels.project, owner]]);
    await engine.createNetwork({ key: "default", name: "p_default" }, labels);
    const { lines, error } = await perform(engine, project, { plan });
    expect(error).toBeUndefined();
    expect(lines.filter((line) => line.includes("network"))).toEqual([
      "network p_default Creating",
      ...warnings,
      "network p_default Exists",
    ]);
    expect((await look(engine, project)).containers.map(({ state }) => state)).toEqual(["running"]);
  });

  test("a container that another tool has made of this project by now is not to be removed", async () => {
    const engine = fakeEngine();
    const project = await load({ services: { web: sleeping } });
    const plan = await planFor(engine, project);
    await bringUp(engine, project);
    const { error, failures } = await perform(engine, project, { plan });
    expect(failures).toEqual(["container p-web-1 | somebody else who brings this project up has just made it"]);
    expect(error).toMatchObject({
      failures: [{ error: { hint: "wait until that is done, and run the command again" } }],
    });
  });

  test("whoever has ended, or is gone, need not be killed", async () => {
    const engine = fakeEngine();
    const project = await load({ services: { web: { ...sleeping, scale: 3 } } });
    await bringUp(engine, project);
    const observed = await look(engine, project);
    const plan = planKill(project, observed, { services: [], signalName: "SIGKILL", removeOrphans: false });
    await engine.killContainer(observed.containers[0]?.id ?? "", "SIGKILL");
    await engine.removeContainer(observed.containers[1]?.id ?? "", { volumes: false });
    const { lines, error } = await perform(engine, project, { plan });
    expect(error).toBeUndefined();
    expect(lines.filter((line) => !line.endsWith("Killing")).toSorted()).toEqual([
      "container p-web-1 Not running",
      "container p-web-2 Not running",
      "container p-web-3 Killed",
    ]);
  });
});

test("a listener that throws ends the run, and what it threw is the reason", async () => {
  const engine = fakeEngine();
  const project = await load({ services: { web: sleeping, other: { ...sleeping, depends_on: ["web"] } } });
  const plan = await planFor(engine, project);
  const signal = new AbortController().signal;
  const onEvent = ({ kind }: ProgressEvent): void => {
    if (kind === "step.started") throw new Error("the listener's own mistake");
  };
  await expect(execute(plan, { engine, project, verb: "up", signal, onEvent })).rejects.toThrow(
    "the listener's own mistake",
  );
  expect((await look(engine, project)).containers.filter(({ state }) => state === "running")).toEqual([]);
});

/** How many containers are created at the same time. */
function counting(engine: Engine): { readonly engine: Engine; readonly most: () => number } {
  let now = 0;
  let most = 0;
  const createContainer = async (request: CreateContainer, signal?: AbortSignal) => {
    now += 1;
    most = Math.max(most, now);
    await new Promise((settle) => setTimeout(settle, 5));
    now -= 1;
    return engine.createContainer(request, signal);
  };
  return { engine: { ...engine, createContainer }, most: () => most };
}

async function* closingAfter<T>(items: AsyncIterable<T>, milliseconds: number): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]();
  const closed = new Promise<"closed">((settle) => setTimeout(() => settle("closed"), milliseconds));
  for (;;) {
    const next = await Promise.race([iterator.next(), closed]);
    if (next === "closed" || next.done === true) return;
    yield next.value;
  }
}
