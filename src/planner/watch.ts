import type { Hook, WatchRule } from "../model/service.ts";

/** One rule of a service's `develop.watch`, ready to be asked. */
export interface WatchTrigger {
  readonly service: string;
  readonly rule: WatchRule;
  /** A bind mount shows the files to the container already: they are not copied over themselves. */
  readonly mounted: boolean;
  /** Whether include and ignore patterns let a path through; relative to the rule's path, "/"-separated. */
  readonly wants: (path: string) => boolean;
}

export interface PathChange {
  /** The watched path, as rules name it. */
  readonly root: string;
  /** Below that, "/"-separated; "" is the watched path itself, which then is a file. */
  readonly path: string;
  /** replaced: by something of another kind, a folder by a file, say. */
  readonly kind: "written" | "removed" | "replaced";
}

/** In the order in which it is done. */
export interface WatchPlan {
  readonly rebuild: readonly string[];
  readonly sync: ReadonlyMap<string, SyncPlan>;
  readonly restart: readonly string[];
  readonly exec: readonly { readonly service: string; readonly hook: Hook }[];
}

/** What the containers of one service get. */
export interface SyncPlan {
  /** Paths in the container. What is removed goes first. */
  readonly removed: readonly string[];
  /** Path in the container → what is to be there, parents first. */
  readonly written: ReadonlyMap<string, HostPath>;
}

export interface HostPath {
  readonly root: string;
  readonly path: string;
}

/** Many changes, few actions: each service is built, filled, restarted at most once, each command run once. */
export function planWatch(triggers: readonly WatchTrigger[], changes: readonly PathChange[]): WatchPlan {
  const rebuild = new Set<string>();
  const restart = new Set<string>();
  const exec: { readonly service: string; readonly hook: Hook }[] = [];
  const found = new Map<string, { readonly trigger: WatchTrigger; readonly change: PathChange }[]>();
  for (const trigger of triggers) {
    const { service, rule, mounted } = trigger;
    // As docker compose does: what the container itself writes there must not restart it.
    if (mounted && rule.action === "sync+restart") continue;
    const relevant = changes.filter(({ root, path }) => root === rule.path && trigger.wants(path));
    if (relevant.length === 0) continue;
    if (rule.action === "rebuild") rebuild.add(service);
    if (rule.action === "restart" || rule.action === "sync+restart") restart.add(service);
    if (rule.action === "sync+exec" && rule.exec !== undefined) exec.push({ service, hook: rule.exec });
    if (mounted || !copies(rule)) continue;
    const pairs = relevant.map((change) => ({ trigger, change }));
    found.set(service, [...(found.get(service) ?? []), ...pairs]);
  }
  const sync = new Map([...found].map(([service, pairs]) => [service, planSync(pairs)]));
  return { rebuild: [...rebuild], sync, restart: [...restart], exec };
}

function planSync(pairs: readonly { readonly trigger: WatchTrigger; readonly change: PathChange }[]): SyncPlan {
  const removed = new Set<string>();
  const written = new Map<string, HostPath>();
  for (const { trigger, change } of pairs) {
    const { root, path, kind } = change;
    const target = inContainer(trigger.rule.target ?? "/", path);
    if (kind !== "written") removed.add(target);
    if (kind !== "removed") written.set(target, { root, path });
  }
  return { removed: topmost(removed), written: sorted(written) };
}

/** Whether the rule is one that copies files. */
export function copies({ action, target }: WatchRule): boolean {
  return target !== undefined && action !== "rebuild" && action !== "restart";
}

/** Where a path below a watched one lies in the container. */
export function inContainer(target: string, path: string): string {
  const parts = `${target}/${path}`.split("/").filter((part) => part !== "" && part !== ".");
  return `/${parts.join("/")}`;
}

/** Who removes a folder need not name what is in it. */
function topmost(paths: ReadonlySet<string>): readonly string[] {
  return [...paths].filter((path) => !isBelow(path, paths)).sort();
}

export function isBelow(path: string, folders: ReadonlySet<string>): boolean {
  return ancestors(path).some((each) => folders.has(each));
}

function ancestors(path: string): readonly string[] {
  const parts = path.split("/");
  return parts.slice(2).map((_, index) => parts.slice(0, index + 2).join("/"));
}

/** A path sorts behind its parents: "/a" before "/a/b". */
export function sorted<T>(entries: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return new Map([...entries].toSorted(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)));
}
