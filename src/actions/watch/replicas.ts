import type { Engine } from "../../engine/engine.ts";
import type { ObservedContainer } from "../../model/observed.ts";
import type { Hook } from "../../model/project.ts";
import type { OnWatch } from "../../model/watch.ts";
import {
  copies,
  type HostPath,
  inContainer,
  isBelow,
  sorted,
  type SyncPlan,
  type WatchPlan,
  type WatchTrigger,
} from "../../planner/watch.ts";
import { fillContainer } from "./fill.ts";

/** The containers that files are copied into, and which of them have everything. */
export interface Replicas {
  /** What every container of the service is to have, also those that are made later. */
  remember(plan: WatchPlan): void;
  /** Brings containers up to date: with the plan those that had everything before it, the others with all there was. */
  fill(plan: WatchPlan, containers: readonly ObservedContainer[], signal: AbortSignal): Promise<Filled>;
}

export interface Filled {
  /** Services with containers whose process had started before all its files were there. */
  readonly restart: ReadonlySet<string>;
  /** Commands to run, and where. */
  readonly exec: readonly { readonly container: ObservedContainer; readonly hook: Hook }[];
}

interface History {
  /** Path in the container → what is to be there; undefined: nothing. */
  readonly paths: Map<string, HostPath | undefined>;
  /** What has to follow once the files are there. */
  restart: boolean;
  readonly hooks: Set<Hook>;
}

export function replicas(engine: Engine, triggers: readonly WatchTrigger[], onWatch: OnWatch): Replicas {
  const histories = new Map<string, History>(
    triggers.map(({ service }) => [service, { paths: new Map(), restart: false, hooks: new Set() }]),
  );
  const complete = new Set<string>();

  const fillOne = async (container: ObservedContainer, plan: SyncPlan, signal: AbortSignal): Promise<boolean> => {
    const isEmpty = plan.written.size + plan.removed.length === 0;
    // One that does not run gets what it misses when it is started, unless it is new.
    if (container.state !== "running" && container.state !== "created") {
      if (!isEmpty) complete.delete(container.id);
      return false;
    }
    try {
      if (!isEmpty) await fillContainer(engine, { container, plan }, signal);
      if (container.state === "running" || plan.removed.length === 0) complete.add(container.id);
      return true;
    } catch (error) {
      if (signal.aborted) throw error;
      complete.delete(container.id);
      onWatch({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
      return false;
    }
  };

  return {
    remember(plan) {
      for (const [service, { removed, written }] of plan.sync) {
        const paths = histories.get(service)?.paths ?? new Map<string, HostPath | undefined>();
        forget(paths, new Set(removed));
        for (const [path, host] of written) paths.set(path, host);
      }
      for (const { service, rule } of triggers) {
        const history = histories.get(service);
        if (history === undefined || !plan.sync.has(service)) continue;
        if (rule.action === "sync+restart" && plan.restart.includes(service)) history.restart = true;
      }
      for (const { service, hook } of plan.exec) histories.get(service)?.hooks.add(hook);
    },
    async fill(plan, containers, signal) {
      const restart = new Set<string>();
      const exec: { readonly container: ObservedContainer; readonly hook: Hook }[] = [];
      for (const [service, history] of histories) {
        const own = containers.filter((each) => each.service === service && !each.oneOff);
        const current = plan.sync.get(service) ?? nothing;
        const hooks = plan.exec.filter((each) => each.service === service).map(({ hook }) => hook);
        const everything = wholeHistory(history);
        const done = await Promise.all(
          own.map(async (container) => {
            const isComplete = complete.has(container.id);
            const wanted = isComplete ? current : everything;
            const filled = await fillOne(container, wanted, signal);
            if (!filled) return undefined;
            if (container.state === "running" && !isComplete && history.restart) restart.add(service);
            const follow = container.state !== "running" ? [] : isComplete ? hooks : history.hooks;
            for (const hook of follow) exec.push({ container, hook });
            return { name: container.name, wanted };
          }),
        );
        for (const wanted of [current, everything]) {
          const names = done.flatMap((each) => (each?.wanted === wanted ? [each.name] : []));
          announce(onWatch, service, wanted, names);
        }
      }
      return { restart, exec };
    },
  };
}

/** For `initial_sync`: as if everything had just been written. */
export function everythingWritten(
  triggers: readonly WatchTrigger[],
  pathsOf: (root: string) => readonly HostPath[],
): WatchPlan {
  const sync = new Map<string, SyncPlan>();
  for (const { service, rule, mounted, wants } of triggers) {
    const { target } = rule;
    if (rule.initial_sync !== true || target === undefined || mounted || !copies(rule)) continue;
    const files = pathsOf(rule.path).filter(({ path }) => wants(path));
    const entries = files.map((file) => [inContainer(target, file.path), file] as const);
    const before = sync.get(service)?.written ?? new Map<string, HostPath>();
    sync.set(service, { removed: [], written: sorted(new Map([...before, ...entries])) });
  }
  return { rebuild: [], sync, restart: [], exec: [] };
}

const nothing: SyncPlan = { removed: [], written: new Map() };

function wholeHistory({ paths }: History): SyncPlan {
  const removed = [...paths].flatMap(([path, host]) => (host === undefined ? [path] : []));
  const written = [...paths].filter((entry): entry is [string, HostPath] => entry[1] !== undefined);
  return { removed, written: sorted(new Map(written)) };
}

/** With a folder goes what was in it. */
function forget(paths: History["paths"], removed: ReadonlySet<string>): void {
  for (const path of paths.keys()) if (isBelow(path, removed)) paths.delete(path);
  for (const path of removed) paths.set(path, undefined);
}

function announce(onWatch: OnWatch, service: string, plan: SyncPlan, containers: readonly string[]): void {
  if (containers.length === 0 || plan.written.size + plan.removed.length === 0) return;
  const { removed, written } = plan;
  onWatch({ kind: "synced", service, written: [...written.keys()], removed, containers: containers.toSorted() });
}
