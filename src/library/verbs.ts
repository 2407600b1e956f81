import type { ActionContext, ChangeResult } from "../actions/context.ts";
import { CancelledError, UsageError } from "../model/error.ts";
import { type Change, startChange, tracked, type UnderWay } from "./change.ts";
import type { Compose, LogEntry } from "./compose.ts";
import { defaults, filled } from "./defaults.ts";
import type { CallOptions, LogsCall, Scale, UpCall } from "./options.ts";
import { pulled } from "./pulled.ts";
import { running } from "./running.ts";

/** Makes what one call works with. */
export type Call = (options?: CallOptions) => ActionContext;

export type Verbs = Omit<Compose, "close" | typeof Symbol.asyncDispose>;

/** Each verb's module is loaded when it is first used. */
export function verbs(call: Call, underWay: UnderWay): Verbs {
  const change = changes(call, underWay);
  return { ...changing(call, change), ...building(change), ...asking(call), ...running(call, underWay) };
}

type Changing =
  | "watch"
  | "up"
  | "create"
  | "down"
  | "start"
  | "stop"
  | "restart"
  | "pause"
  | "unpause"
  | "kill"
  | "rm"
  | "scale";

function changing(call: Call, change: MakeChange): Pick<Verbs, Changing | "plan"> {
  return {
    plan: async (options = {}) => (await bringUp({ ...call(options), dryRun: true }, options)).plan,
    up: (options = {}) => change(options, (context) => bringUp(context, options)),
    create: (options = {}) =>
      change(options, async (context) => {
        const scale = scaleMap(options.scale);
        return (await import("../actions/create.ts")).create(context, { ...filled(defaults.create, options), scale });
      }),
    down: (options = {}) =>
      change(options, async (context) =>
        (await import("../actions/down.ts")).down(context, filled(defaults.down, options)),
      ),
    start: (options = {}) =>
      change(options, async (context) =>
        (await import("../actions/start.ts")).start(context, filled(defaults.start, options)),
      ),
    stop: (options = {}) =>
      change(options, async (context) =>
        (await import("../actions/stop.ts")).stop(context, filled(defaults.services, options)),
      ),
    restart: (options = {}) =>
      change(options, async (context) =>
        (await import("../actions/restart.ts")).restart(context, filled(defaults.restart, options)),
      ),
    pause: (options = {}) =>
      change(options, async (context) =>
        (await import("../actions/pause.ts")).pause(context, filled(defaults.services, options)),
      ),
    unpause: (options = {}) =>
      change(options, async (context) =>
        (await import("../actions/unpause.ts")).unpause(context, filled(defaults.services, options)),
      ),
    kill: (options = {}) =>
      change(options, async (context) =>
        (await import("../actions/kill.ts")).kill(context, filled(defaults.kill, options)),
      ),
    rm: (options = {}) =>
      change(options, async (context) => (await import("../actions/rm.ts")).rm(context, filled(defaults.rm, options))),
    watch: (options = {}) =>
      change(options, async (context) => {
        const request = { stop: new AbortController().signal, onWatch: () => {}, ...filled(defaults.watch, options) };
        const result = await (await import("../actions/watch.ts")).watch(context, request);
        if (context.signal.aborted) throw new CancelledError();
        return result;
      }),
    scale: (scale, { noDeps = false, ...options } = {}) =>
      change(options, async (context) => {
        const request = { services: Object.keys(scale), scale: scaleMap(scale), noDeps };
        return (await import("../actions/scale.ts")).scale(context, request);
      }),
  };
}

function building(change: MakeChange): Pick<Verbs, "build" | "pull" | "push"> {
  return {
    build: (options = {}) =>
      change(options, async (context) =>
        (await import("../actions/build.ts")).build(context, filled(defaults.build, options)),
      ),
    pull: (options = {}) =>
      change(options, async (context) =>
        (await import("../actions/pull.ts")).pull(context, filled(defaults.pull, options)),
      ),
    push: (options = {}) =>
      change(options, async (context) =>
        (await import("../actions/push.ts")).push(context, filled(defaults.push, options)),
      ),
  };
}

type Asking =
  | "publish"
  | "stats"
  | "project"
  | "config"
  | "ps"
  | "images"
  | "volumes"
  | "top"
  | "port"
  | "logs"
  | "events";

function asking(call: Call): Pick<Verbs, Asking> {
  return {
    project: async (options) => call(options).project(),
    config: async (options = {}) =>
      (await import("../actions/config.ts")).config(call(options), filled(defaults.config, options)),
    ps: async (options = {}) => (await import("../actions/ps.ts")).ps(call(options), filled(defaults.ps, options)),
    images: async (options = {}) =>
      (await import("../actions/images.ts")).images(call(options), filled(defaults.services, options)),
    volumes: async (options = {}) =>
      (await import("../actions/volumes.ts")).volumes(call(options), filled(defaults.services, options)),
    top: async (options = {}) =>
      (await import("../actions/top.ts")).top(call(options), filled(defaults.services, options)),
    port: async (service, target, options = {}) =>
      (await import("../actions/port.ts")).port(call(options), { ...filled(defaults.port, options), service, target }),
    async publish(reference, options = {}) {
      const context = call(options);
      return (await import("../actions/publish.ts")).publish(context, {
        ...filled(defaults.publish, options),
        reference,
      });
    },
    async *stats(options = {}) {
      const context = call(options);
      const { stats } = await import("../actions/stats.ts");
      yield* stats(context, filled(defaults.stats, options));
      if (context.signal.aborted) throw new CancelledError();
    },
    async *logs(options = {}) {
      yield* logEntries(call(options), options);
    },
    async *events(options = {}) {
      const context = call(options);
      const { events } = await import("../actions/events.ts");
      yield* events(context, filled(defaults.services, options));
      if (context.signal.aborted) throw new CancelledError();
    },
  };
}

async function* logEntries(context: ActionContext, options: LogsCall): AsyncGenerator<LogEntry> {
  const { logs } = await import("../actions/logs.ts");
  const batches = pulled<readonly LogEntry[]>(async (push, signal) => {
    const onOutput: Parameters<typeof logs>[1]["onOutput"] = (output) => {
      if (output.kind !== "lines") return undefined;
      const { service, name: container } = output.source;
      return push(output.lines.map((line) => ({ service, container, ...line })));
    };
    await logs({ ...context, signal }, { ...filled(defaults.logs, options), onOutput });
  }, context.signal);
  for await (const batch of batches) yield* batch;
}

async function bringUp(context: ActionContext, options: UpCall): Promise<ChangeResult> {
  const { up } = await import("../actions/up.ts");
  return up(context, { ...filled(defaults.up, options), scale: scaleMap(options.scale) });
}

type MakeChange = (options: CallOptions, act: (context: ActionContext) => Promise<ChangeResult>) => Change;

/** A verb's progress goes to those who iterate over it, too. */
function changes(call: Call, underWay: UnderWay): MakeChange {
  return (options, act) => {
    const change = startChange(async (onEvent) => {
      const context = call({
        ...options,
        onEvent(event) {
          onEvent(event);
          options.onEvent?.(event);
        },
      });
      return act(context);
    });
    return tracked(change, underWay);
  };
}

function scaleMap(scale: Scale = {}): ReadonlyMap<string, number> {
  for (const [service, count] of Object.entries(scale)) {
    if (Number.isInteger(count) && count >= 0) continue;
    throw new UsageError(`service "${service}" cannot have ${count} containers`, "give a whole number, 0 or more");
  }
  return new Map(Object.entries(scale));
}
