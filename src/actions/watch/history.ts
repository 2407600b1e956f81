import type { Hook } from "../../model/project.ts";
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

/** What was copied into the containers of a service since we watch. */
export interface History {
  /** Path in the container → what is to be there; undefined: nothing. */
  readonly paths: Map<string, HostPath | undefined>;
  /** What has to follow once the files are there. */
  restart: boolean;
  readonly hooks: Set<Hook>;
}

export function noHistories(triggers: readonly WatchTrigger[]): ReadonlyMap<string, History> {
  return new Map(triggers.map(({ service }) => [service, { paths: new Map(), restart: false, hooks: new Set() }]));
}

export function remember(
  histories: ReadonlyMap<string, History>,
  triggers: readonly WatchTrigger[],
  plan: WatchPlan,
): void {
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

/** What a container without any of it needs. */
export function wholeHistory(history: History | undefined): SyncPlan {
  const paths = [...(history?.paths ?? [])];
  const removed = paths.flatMap(([path, host]) => (host === undefined ? [path] : []));
  const written = paths.filter((entry): entry is [string, HostPath] => entry[1] !== undefined);
  return { removed, written: sorted(new Map(written)) };
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

/** With a folder goes what was in it. */
function forget(paths: History["paths"], removed: ReadonlySet<string>): void {
  for (const path of paths.keys()) if (isBelow(path, removed)) paths.delete(path);
  for (const path of removed) paths.set(path, undefined);
}
