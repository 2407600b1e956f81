// kill -9 between any two steps: whatever stands when we stop, the next `up` makes the project what its file says.
import { describe, expect, onTestFinished, test } from "vitest";

import { observe } from "../../src/actions/observe.ts";
import { connect } from "../../src/engine/connect.ts";
import type { Engine } from "../../src/engine/engine.ts";
import { execute } from "../../src/executor/execute.ts";
import { loadProject } from "../../src/loader/project.ts";
import type { Plan } from "../../src/model/plan.ts";
import type { Json, Project } from "../../src/model/project.ts";
import { formatPlan, formatStep } from "../../src/planner/text.ts";
import { defaultUpOptions, type UpOptions } from "../../src/planner/up-options.ts";
import { planUp } from "../../src/planner/up.ts";
import { removeProject } from "../harness/clean.ts";
import { containersOf } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { uniqueName } from "../harness/project.ts";

const signal = new AbortController().signal;
const image = testImages.busybox;
const sleeping = { image, command: ["sleep", "1000"], init: true, stop_grace_period: "1s" };

interface Scenario {
  readonly before?: Json;
  readonly after: Json;
  readonly options?: Partial<UpOptions>;
}

const scenarios: Readonly<Record<string, Scenario>> = {
  "first up": {
    after: {
      services: { web: { ...sleeping, depends_on: ["db"] }, db: { ...sleeping, volumes: ["data:/data"] } },
      volumes: { data: {} },
    },
  },
  "a container is replaced": {
    before: { services: { web: { ...sleeping, volumes: ["/anonymous"] } } },
    after: { services: { web: { ...sleeping, volumes: ["/anonymous"], environment: { NEW: "1" } } } },
  },
  "a parent is replaced, with who shares its network and who restarts with it": {
    before: {
      services: {
        app: sleeping,
        side: { ...sleeping, network_mode: "service:app" },
        web: { ...sleeping, depends_on: { app: { condition: "service_started", restart: true } } },
      },
    },
    after: {
      services: {
        app: { ...sleeping, environment: { NEW: "1" } },
        side: { ...sleeping, network_mode: "service:app" },
        web: { ...sleeping, depends_on: { app: { condition: "service_started", restart: true } } },
      },
    },
  },
  "a network is replaced": {
    before: {
      services: { web: { ...sleeping, networks: ["back"] }, db: { ...sleeping, networks: ["back"] } },
      networks: { back: {} },
    },
    after: {
      services: { web: { ...sleeping, networks: ["back"] }, db: { ...sleeping, networks: ["back"] } },
      networks: { back: { internal: true } },
    },
  },
  "a volume is replaced": {
    before: { services: { web: { ...sleeping, volumes: ["data:/data"] } }, volumes: { data: {} } },
    after: { services: { web: { ...sleeping, volumes: ["data:/data"] } }, volumes: { data: { labels: { new: "1" } } } },
    options: { confirmed: new Set(["volume.recreate data"]) },
  },
  "fewer, and no orphans": {
    before: { services: { web: { ...sleeping, scale: 3 }, gone: sleeping } },
    after: { services: { web: { ...sleeping, scale: 1 } } },
    options: { removeOrphans: true },
  },
};

describe.each(Object.entries(scenarios))("%s", (_, scenario) => {
  test("each step may be the last", { timeout: 120_000 }, async () => {
    await ensureImage(image);
    const engine = await connect({
      environment: new Map(
        Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ),
    });
    onTestFinished(() => engine.close());
    const whole = await interrupted(engine, scenario, Infinity);
    expect(whole.outcome).toBe("up to date");
    const cuts = Array.from({ length: whole.steps }, (_, index) => index);
    const table = await Promise.all(cuts.map((cut) => interrupted(engine, scenario, cut)));
    expect(table.filter(({ outcome }) => outcome !== "up to date")).toEqual([]);
  });
});

interface Row {
  readonly steps: number;
  readonly lastStep: string;
  readonly outcome: string;
}

/** Brings the project to `before`, does the first steps of the way to `after`, and then what a next run would do. */
async function interrupted(engine: Engine, { before, after, options = {} }: Scenario, cut: number): Promise<Row> {
  const name = uniqueName();
  try {
    if (before !== undefined) await bringUp(engine, await load(name, before), options);
    const project = await load(name, after);
    const plan = await planFor(engine, project, options);
    const steps = plan.steps.slice(0, cut);
    const old = await containersOf(name);
    await run(engine, project, { ...plan, steps });
    await bringUp(engine, project, options);
    const left = await planFor(engine, project, options);
    const containers = await containersOf(name);
    const wrong = containers.filter((each) => each.State.Status !== "running" || !each.Name.startsWith(`${name}-`));
    const kept = anonymousVolumes(old).every((volume) => anonymousVolumes(containers).includes(volume));
    const outcome = [
      formatPlan(left),
      ...wrong.map((each) => `${each.Name} is ${each.State.Status}`),
      ...(kept ? [] : ["an anonymous volume was lost"]),
    ].filter((line) => line !== "");
    const last = steps.at(-1);
    return {
      steps: plan.steps.length,
      lastStep: last === undefined ? "none" : formatStep(last),
      outcome: outcome.length === 0 ? "up to date" : outcome.join("; "),
    };
  } finally {
    await removeProject(name);
  }
}

function anonymousVolumes(containers: Awaited<ReturnType<typeof containersOf>>): readonly string[] {
  return containers.flatMap(({ Mounts }) =>
    Mounts.flatMap(({ Name = "" }) => (/^[0-9a-f]{64}$/.test(Name) ? [Name] : [])),
  );
}

async function load(name: string, document: Json): Promise<Project> {
  const { project } = await loadProject({ cwd: "/", environment: new Map(), projectName: name, document });
  return project;
}

async function planFor(engine: Engine, project: Project, options: Partial<UpOptions>): Promise<Plan> {
  const interest = { resources: true, images: true, strangers: true };
  return planUp(project, await observe(engine, project, { interest, signal }), { ...defaultUpOptions, ...options });
}

async function bringUp(engine: Engine, project: Project, options: Partial<UpOptions>): Promise<void> {
  await run(engine, project, await planFor(engine, project, options));
}

async function run(engine: Engine, project: Project, plan: Plan): Promise<void> {
  expect(plan.problems).toEqual([]);
  await execute(plan, { engine, project, verb: "up", signal, onEvent: () => {} });
}
