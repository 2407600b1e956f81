import type { Engine } from "../../engine/engine.ts";
import type { ObservedContainer } from "../../model/observed.ts";
import type { Hook } from "../../model/project.ts";
import type { OnWatch } from "../../model/watch.ts";
import type { SyncPlan, WatchPlan, WatchTrigger } from "../../planner/watch.ts";
import { fillContainer } from "./fill.ts";
import { type History, noHistories, remember, wholeHistory } from "./history.ts";

/** The containers that files are copied into, and which of them have everything. */
export interface Replicas {
  /** What every container of the service is to have, also those that are made later. */
  remember(plan: WatchPlan): void;
  /** Running ones get the plan where they had everything before it, and all there was where they had not. */
  fill(plan: WatchPlan, containers: readonly ObservedContainer[], signal: AbortSignal): Promise<Filled>;
  /** New ones get everything before they start. */
  fillCreated(containers: readonly ObservedContainer[], signal: AbortSignal): Promise<void>;
}

export interface Filled {
  /** Services with containers whose process had started before all its files were there. */
  readonly restart: ReadonlySet<string>;
  /** Commands to run, and where. */
  readonly exec: readonly { readonly container: ObservedContainer; readonly hook: Hook }[];
}

interface Book {
  readonly engine: Engine;
  readonly onWatch: OnWatch;
  /** By service. */
  readonly histories: ReadonlyMap<string, History>;
  /**
   * Container → whether it has everything; "unpruned": what was removed may still be in it, as nothing can be removed
   * from one that does not run.
   */
  readonly known: Map<string, "complete" | "unpruned">;
  /** Container → why it could not be filled, as was said. */
  readonly refusals: Map<string, string>;
}

export function replicas(engine: Engine, triggers: readonly WatchTrigger[], onWatch: OnWatch): Replicas {
  const histories = noHistories(triggers);
  const book: Book = { engine, onWatch, histories, known: new Map(), refusals: new Map() };
  return {
    remember: (plan) => remember(histories, triggers, plan),
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
    async fillCreated(containers, signal) {
      for (const [service, history] of histories) {
        const created = containers.filter((each) => each.service === service && each.state === "created");
        const { removed, written } = wholeHistory(history);
        const plan = { removed: [], written };
        const filled = await fillAll(book, { containers: created, planOf: () => plan }, signal);
        for (const { id } of filled) if (removed.length > 0) book.known.set(id, "unpruned");
        announce(onWatch, { service, plan, containers: filled });
      }
    },
  };
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
  const { histories, known, refusals, onWatch } = book;
  const history = histories.get(service);
  const current = plan.sync.get(service) ?? nothing;
  const everything = wholeHistory(history);
  for (const { id, state } of containers) {
    if (!isEmpty(current)) refusals.delete(id);
    // One that does not run gets what it misses when it is started.
    if (state !== "running" && !isEmpty(current)) known.delete(id);
  }
  const late = new Set(containers.filter(({ id }) => !known.has(id)));
  const planOf = (container: ObservedContainer): SyncPlan => {
    if (late.has(container)) return everything;
    return known.get(container.id) === "unpruned" ? { ...current, removed: everything.removed } : current;
  };
  const running = containers.filter(({ state }) => state === "running");
  const filled = await fillAll(book, { containers: running, planOf }, signal);
  announce(onWatch, { service, plan: current, containers: filled.filter((each) => !late.has(each)) });
  announce(onWatch, { service, plan: everything, containers: filled.filter((each) => late.has(each)) });
  const hooks = plan.exec.filter((each) => each.service === service).map(({ hook }) => hook);
  return filled.map((container) =>
    late.has(container)
      ? { container, restart: history?.restart === true, hooks: history?.hooks ?? [] }
      : { container, restart: false, hooks },
  );
}

interface FillingAll {
  readonly containers: readonly ObservedContainer[];
  readonly planOf: (container: ObservedContainer) => SyncPlan;
}

/** Those that have it now; what goes wrong with the others is said. */
async function fillAll(
  { engine, known, refusals, onWatch }: Book,
  { containers, planOf }: FillingAll,
  signal: AbortSignal,
): Promise<readonly ObservedContainer[]> {
  const fill = async (container: ObservedContainer): Promise<readonly ObservedContainer[]> => {
    const plan = planOf(container);
    try {
      const complaints = isEmpty(plan) ? [] : await fillContainer(engine, { container, plan }, signal);
      for (const message of complaints) onWatch({ kind: "failed", message });
      known.set(container.id, "complete");
      refusals.delete(container.id);
      return [container];
    } catch (error) {
      if (signal.aborted) throw error;
      known.delete(container.id);
      const message = error instanceof Error ? error.message : String(error);
      // It is tried again whenever something happens nearby: were it said each time, whoever writes what we say into a
      // file of the project would make something happen by it.
      if (refusals.get(container.id) !== message) onWatch({ kind: "failed", message });
      refusals.set(container.id, message);
      return [];
    }
  };
  return (await Promise.all(containers.map(fill))).flat();
}

function isEmpty({ removed, written }: SyncPlan): boolean {
  return removed.length + written.size === 0;
}

const nothing: SyncPlan = { removed: [], written: new Map() };

interface Done {
  readonly service: string;
  readonly plan: SyncPlan;
  readonly containers: readonly ObservedContainer[];
}

function announce(onWatch: OnWatch, { service, plan, containers }: Done): void {
  const { removed, written } = plan;
  if (containers.length === 0 || isEmpty(plan)) return;
  const names = containers.map(({ name }) => name).sort();
  onWatch({ kind: "synced", service, written: [...written.keys()], removed, containers: names });
}
