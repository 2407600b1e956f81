import type { Project } from "../model/project.ts";
import type { OnWatch } from "../model/watch.ts";
import type { ActionContext } from "./context.ts";
import type { WatchSession } from "./watch/session.ts";
import type { WatchedTrigger } from "./watch/triggers.ts";

/** Watching beside an attached `up`: on from the start, or when somebody wants it. */
export interface WatchSwitch {
  /** Opens the files' watch; what changes from then on is acted upon once it is switched on. */
  open(): Promise<OpenedWatch>;
  toggle(): void;
  /** Containers go down only to come back; resolves when they should have. */
  busy(): Promise<void> | undefined;
  close(): Promise<void>;
}

export interface OpenedWatch {
  readonly session: WatchSession;
  readonly triggers: readonly WatchedTrigger[];
}

export interface WatchSwitchOptions {
  readonly project: Project;
  readonly onWatch: OnWatch;
}

export function watchSwitch(context: ActionContext, { project, onWatch }: WatchSwitchOptions): WatchSwitch {
  let opened: (OpenedWatch & { readonly lock: AsyncDisposable }) | undefined;
  let running: { readonly stop: AbortController; readonly done: Promise<void> } | undefined;
  let queue = Promise.resolve();

  const open = async (): Promise<OpenedWatch> => {
    if (opened !== undefined) return opened;
    // Most who stay attached never watch.
    const { onlyWatch, triggersOf } = await import("./watch.ts");
    const { openWatch } = await import("./watch/session.ts");
    const triggers = await triggersOf(context, project);
    const lock = await onlyWatch(context, project);
    try {
      const session = await openWatch(context, { project, triggers, prune: true, onWatch });
      opened = { session, triggers, lock };
      return opened;
    } catch (error) {
      // Whoever tries again must not find himself in his own way.
      await lock[Symbol.asyncDispose]();
      throw error;
    }
  };
  const on = async (): Promise<void> => {
    const stop = new AbortController();
    const { session } = await open();
    running = { stop, done: session.run(stop.signal).catch(complain) };
  };
  const off = async (): Promise<void> => {
    running?.stop.abort();
    await running?.done;
    running = undefined;
    await opened?.session[Symbol.asyncDispose]();
    await opened?.lock[Symbol.asyncDispose]();
    opened = undefined;
  };
  const complain = (error: unknown): void => {
    if (context.signal.aborted) return;
    onWatch({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
  };
  return {
    open,
    toggle() {
      queue = queue.then(() => (running === undefined ? on() : off())).catch(complain);
    },
    busy: () => opened?.session.busy(),
    async close() {
      await queue;
      await off();
    },
  };
}
