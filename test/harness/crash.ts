// kill -9 between any two steps: whatever stands when a run stops, the next one makes the project what its file says.
import type { Engine } from "../../src/engine/engine.ts";
import type { ObservedState } from "../../src/model/observed.ts";
import type { Json, Project } from "../../src/model/project.ts";
import { formatPlan, formatStep } from "../../src/planner/text.ts";
import type { UpOptions } from "../../src/planner/up-options.ts";
import { bringUp, load, look, perform, type Performance, planFor } from "./stage.ts";

export interface CrashScenario {
  readonly before?: Json;
  readonly after: Json;
  readonly options?: Partial<UpOptions>;
}

export interface CrashRow {
  /** The last step that was done: "none" before the first. */
  readonly after: string;
  /** "up to date", or what is wrong. */
  readonly outcome: string;
}

export interface CrashStage {
  readonly image: string;
  /** A fresh engine, or a fresh name on a shared one. */
  open(): Promise<{ readonly engine: Engine; readonly name: string }>;
  close(name: string): Promise<void>;
}

/** One row for each step of the way from `before` to `after`, and one for the whole of it. */
export async function crashTable(stage: CrashStage, scenario: CrashScenario): Promise<readonly CrashRow[]> {
  const rows: CrashRow[] = [];
  for (let cut = 0; ; cut += 1) {
    const { engine, name } = await stage.open();
    try {
      const row = await interrupted(engine, { ...scenario, name, cut });
      if (row === undefined) return rows;
      rows.push(row);
    } finally {
      await stage.close(name);
    }
  }
}

async function interrupted(
  engine: Engine,
  { before, after, options = {}, name, cut }: CrashScenario & { readonly name: string; readonly cut: number },
): Promise<CrashRow | undefined> {
  if (before !== undefined) must(await bringUp(engine, await load(before, { name }), options));
  const project = await load(after, { name });
  const plan = await planFor(engine, project, options);
  if (cut > plan.steps.length) return undefined;
  const steps = plan.steps.slice(0, cut);
  const old = await look(engine, project);
  must(await perform(engine, project, { plan: { ...plan, steps } }));
  must(await bringUp(engine, project, options));
  const last = steps.at(-1);
  const outcome = [
    formatPlan(await planFor(engine, project, options)),
    ...wrongs(project, old, await look(engine, project)),
  ].filter((line) => line !== "");
  return {
    after: last === undefined ? "none" : formatStep(last),
    outcome: outcome.length === 0 ? "up to date" : outcome.join("; "),
  };
}

function wrongs(project: Project, old: ObservedState, now: ObservedState): readonly string[] {
  const misnamed = now.containers.filter(({ name }) => !name.startsWith(`${project.name}-`));
  const idle = now.containers.filter(({ state }) => state !== "running");
  const kept = anonymousVolumes(now);
  return [
    ...misnamed.map(({ name }) => `${name} has no proper name`),
    ...idle.map(({ name, state }) => `${name} is ${state}`),
    ...anonymousVolumes(old)
      .filter((volume) => !kept.includes(volume))
      .map((volume) => `volume ${volume} was left behind`),
  ];
}

function anonymousVolumes({ containers }: ObservedState): readonly string[] {
  return containers.flatMap(({ mounts }) =>
    mounts.flatMap(({ name = "" }) => (/^[0-9a-f]{64}$/.test(name) ? [name] : [])),
  );
}

function must({ error, failures }: Pick<Performance, "error" | "failures">): void {
  if (error !== undefined) throw new Error(failures.join("; "), { cause: error });
}

/** What happens to a project, with containers that sleep. */
export function crashScenarios(image: string): Readonly<Record<string, CrashScenario>> {
  const sleeping = { image, command: ["sleep", "1000"], init: true, stop_grace_period: "1s" };
  const next = { ...sleeping, environment: { NEW: "1" } };
  const restarts = { ...sleeping, depends_on: { app: { condition: "service_started", restart: true } } };
  const side = { ...sleeping, network_mode: "service:app" };
  const onBack = { ...sleeping, networks: ["back"] };
  const withData = { ...sleeping, volumes: ["data:/data"] };
  return {
    "first up": {
      after: { services: { web: { ...sleeping, depends_on: ["db"] }, db: withData }, volumes: { data: {} } },
    },
    "a container is replaced": {
      before: { services: { web: { ...sleeping, volumes: ["/anonymous"] } } },
      after: { services: { web: { ...next, volumes: ["/anonymous"] } } },
    },
    "a parent is replaced, with who shares its network and who restarts with it": {
      before: { services: { app: sleeping, side, web: restarts } },
      after: { services: { app: next, side, web: restarts } },
    },
    "a network is replaced": {
      before: { services: { web: onBack, db: onBack }, networks: { back: {} } },
      after: { services: { web: onBack, db: { ...next, networks: ["back"] } }, networks: { back: { internal: true } } },
    },
    "a volume is replaced": {
      before: { services: { web: withData }, volumes: { data: {} } },
      after: { services: { web: withData }, volumes: { data: { labels: { new: "1" } } } },
      options: { confirmed: new Set(["volume.recreate data"]) },
    },
    "fewer, and no orphans": {
      before: { services: { web: { ...sleeping, scale: 3 }, gone: sleeping } },
      after: { services: { web: { ...sleeping, scale: 1 } } },
      options: { removeOrphans: true },
    },
    // Not of those that free ports are taken from for others.
    "two containers swap their ports": {
      before: { services: { a: { ...sleeping, ports: ["9211:80"] }, b: { ...sleeping, ports: ["9212:80"] } } },
      after: { services: { a: { ...sleeping, ports: ["9212:80"] }, b: { ...sleeping, ports: ["9211:80"] } } },
    },
    "a service gets another name and keeps its container's": {
      before: { services: { old: { ...sleeping, container_name: "p-boss" } } },
      after: { services: { fresh: { ...sleeping, container_name: "p-boss" } } },
      options: { removeOrphans: true },
    },
    "health, a hook and a secret on the way": {
      before: { services: { web: sleeping } },
      after: {
        services: {
          web: { ...next, depends_on: { db: { condition: "service_healthy" } }, post_start: [{ command: ["true"] }] },
          db: {
            ...sleeping,
            healthcheck: { test: ["CMD", "true"], interval: "1s", start_interval: "20ms", start_period: "5s" },
            configs: [{ source: "app", target: "/app" }],
          },
        },
        configs: { app: { content: "x" } },
      },
    },
  };
}
