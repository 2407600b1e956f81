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

interface Book {
  readonly engine: Engine;
  readonly triggers: readonly WatchTrigger[];
  readonly onWatch: OnWatch;
  /** By service. */
  readonly histories: ReadonlyMap<string, History>;
  /** Ids of containers that have everything. */
  readonly complete: Set<string>;
}

export function replicas(engine: Engine, triggers: readonly WatchTrigger[], onWatch: OnWatch): Replicas {
  const histories = new Map<string, History>(
    triggers.map(({ service }) => [service, { paths: new Map(), restart: false, hooks: new Set() }]),
  );
  const book: Book = { engine, triggers, onWatch, histories, complete: new Set() };
  return {
    remember: (plan) => remember(book, plan),
    async fill(plan, containers, signal) {
      const restart = new Set<string>();
      const exec: { readonly container: ObservedContainer; readonly hook: Hook }[] = [];
      for (const service of histories.keys()) {
        const own = containers.filter((each) => each.service === service && !each.oneOff);
        for (const late of await fillService(book, { service, plan, containers: own }, signal)) {
          for (const hook of late.hooks) exec.push({ container: late.container, hook });
          if (late.restart) restart.add(service);
        }
      }
      return { restart, exec };
    },
  };
}

function remember({ histories, triggers }: Book, plan: WatchPlan): void {
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
}

/** With a folder goes what was in it. */
function forget(paths: History["paths"], removed: ReadonlySet<string>): void {
  for (const path of paths.keys()) if (isBelow(path, removed)) paths.delete(path);
  for (const path of removed) paths.set(path, undefined);
}

interface Filling {
  readonly service: string;
  readonly plan: WatchPlan;
  readonly containers: readonly ObservedContainer[];
}

/** A container that has its files, and what has to follow. */
interface Followed {
  readonly container: ObservedContainer;
  readonly restart: boolean;
  readonly hooks: Iterable<Hook>;
}

async function fillService(
  book: Book,
  { service, plan, containers }: Filling,
  signal: AbortSignal,
): Promise<readonly Followed[]> {
  const { histories, complete, onWatch } = book;
  const history = histories.get(service);
  const current = plan.sync.get(service) ?? nothing;
  const everything = wholeHistory(history);
  const hooks = plan.exec.filter((each) => each.service === service).map(({ hook }) => hook);
  const late = containers.filter(({ id }) => !complete.has(id));
  const fill = async (container: ObservedContainer): Promise<readonly ObservedContainer[]> =>
    (await fillOne(book, { container, plan: late.includes(container) ? everything : current }, signal))
      ? [container]
      : [];
  const filled = (await Promise.all(containers.map(fill))).flat();
  const isLate = (container: ObservedContainer): boolean => late.includes(container);
  announce(onWatch, { service, plan: current, containers: filled.filter((each) => !isLate(each)) });
  announce(onWatch, { service, plan: everything, containers: filled.filter(isLate) });
  return filled
    .filter(({ state }) => state === "running")
    .map((container) =>
      isLate(container)
        ? { container, restart: history?.restart === true, hooks: history?.hooks ?? [] }
        : { container, restart: false, hooks },
    );
}

interface FillingOne {
  readonly container: ObservedContainer;
  readonly plan: SyncPlan;
}

async function fillOne(book: Book, { container, plan }: FillingOne, signal: AbortSignal): Promise<boolean> {
  const { engine, complete, onWatch } = book;
  const { id, state } = container;
  const isEmpty = plan.written.size + plan.removed.length === 0;
  // One that does not run gets what it misses when it is started, unless it is new.
  if (state !== "running" && state !== "created") {
    if (!isEmpty) complete.delete(id);
    return false;
  }
  try {
    if (!isEmpty) await fillContainer(engine, { container, plan }, signal);
    if (state === "running" || plan.removed.length === 0) complete.add(id);
    return true;
  } catch (error) {
    if (signal.aborted) throw error;
    complete.delete(id);
    onWatch({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
    return false;
  }
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

function wholeHistory(history: History | undefined): SyncPlan {
  const paths = [...(history?.paths ?? [])];
  const removed = paths.flatMap(([path, host]) => (host === undefined ? [path] : []));
  const written = paths.filter((entry): entry is [string, HostPath] => entry[1] !== undefined);
  return { removed, written: sorted(new Map(written)) };
}

interface Done {
  readonly service: string;
  readonly plan: SyncPlan;
  readonly containers: readonly ObservedContainer[];
}

function announce(onWatch: OnWatch, { service, plan, containers }: Done): void {
  const { removed, written } = plan;
  if (containers.length === 0 || written.size + removed.length === 0) return;
  const names = containers.map(({ name }) => name).sort();
  onWatch({ kind: "synced", service, written: [...written.keys()], removed, containers: names });
}
