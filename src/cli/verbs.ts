import { UsageError } from "../model/error.ts";
import { nearest } from "../model/suggest.ts";
import type { CommandSpec } from "./command.ts";

export interface Verb {
  readonly summary: string;
  /** A start reads the one file that it needs. */
  readonly load: () => Promise<CommandSpec>;
}

export interface VerbGroup {
  readonly title: string;
  readonly verbs: Readonly<Record<string, Verb>>;
}

/** The help page, and where each command is. */
export const groups: readonly VerbGroup[] = [
  {
    title: "Daily",
    verbs: {
      up: { summary: "Create and start containers", load: async () => (await import("./commands/up.ts")).up },
      down: {
        summary: "Stop and remove containers and networks",
        load: async () => (await import("./commands/down.ts")).down,
      },
      plan: {
        summary: "Show what up would do, and why, and do nothing",
        load: async () => (await import("./commands/plan.ts")).plan,
      },
    },
  },
  {
    title: "Containers",
    verbs: {
      create: {
        summary: "Create containers, and do not start them",
        load: async () => (await import("./commands/create.ts")).create,
      },
      start: { summary: "Start containers that exist", load: async () => (await import("./commands/start.ts")).start },
      stop: { summary: "Stop containers, and keep them", load: async () => (await import("./commands/stop.ts")).stop },
      restart: { summary: "Restart containers", load: async () => (await import("./commands/restart.ts")).restart },
      pause: {
        summary: "Freeze the processes of containers",
        load: async () => (await import("./commands/pause.ts")).pause,
      },
      unpause: {
        summary: "Let frozen containers go on",
        load: async () => (await import("./commands/unpause.ts")).unpause,
      },
      kill: {
        summary: "Stop containers at once, or send them a signal",
        load: async () => (await import("./commands/kill.ts")).kill,
      },
      rm: { summary: "Remove stopped containers", load: async () => (await import("./commands/rm.ts")).rm },
      scale: {
        summary: "Run another number of containers of a service",
        load: async () => (await import("./commands/scale.ts")).scale,
      },
    },
  },
  {
    title: "Looking",
    verbs: {
      ps: { summary: "List containers", load: async () => (await import("./commands/ps.ts")).ps },
      logs: { summary: "Show what the containers write", load: async () => (await import("./commands/logs.ts")).logs },
      top: {
        summary: "Show what runs inside the containers",
        load: async () => (await import("./commands/top.ts")).top,
      },
      stats: {
        summary: "Show what containers take of the machine, as it changes",
        load: async () => (await import("./commands/stats.ts")).stats,
      },
      port: {
        summary: "Say where a port of a container can be reached",
        load: async () => (await import("./commands/port.ts")).port,
      },
      events: {
        summary: "Show what happens to the containers, as it happens",
        load: async () => (await import("./commands/events.ts")).events,
      },
      images: {
        summary: "List the images of the containers",
        load: async () => (await import("./commands/images.ts")).images,
      },
      volumes: { summary: "List volumes", load: async () => (await import("./commands/volumes.ts")).volumes },
      ls: { summary: "List projects", load: async () => (await import("./commands/ls.ts")).ls },
    },
  },
  {
    title: "Working inside",
    verbs: {
      run: {
        summary: "Run one command in a new container of a service",
        load: async () => (await import("./commands/run.ts")).run,
      },
      attach: {
        summary: "Take over the terminal of a running container",
        load: async () => (await import("./commands/attach.ts")).attach,
      },
      wait: {
        summary: "Wait until containers stop, and say how they ended",
        load: async () => (await import("./commands/wait.ts")).wait,
      },
      exec: {
        summary: "Run a command in a running container",
        load: async () => (await import("./commands/exec.ts")).exec,
      },
      cp: {
        summary: "Copy files between this machine and containers",
        load: async () => (await import("./commands/cp.ts")).cp,
      },
      export: {
        summary: "Write a container's file system as a tar archive",
        load: async () => (await import("./commands/export.ts")).exportVerb,
      },
    },
  },
  {
    title: "Developing",
    verbs: {
      watch: {
        summary: "Rebuild and refresh containers when files change",
        load: async () => (await import("./commands/watch.ts")).watch,
      },
    },
  },
  {
    title: "Images",
    verbs: {
      build: { summary: "Build images", load: async () => (await import("./commands/build.ts")).build },
      pull: { summary: "Pull images", load: async () => (await import("./commands/pull.ts")).pull },
      commit: {
        summary: "Make an image of what a container has become",
        load: async () => (await import("./commands/commit.ts")).commit,
      },
      push: { summary: "Push images", load: async () => (await import("./commands/push.ts")).push },
      publish: {
        summary: "Publish the project to a registry",
        load: async () => (await import("./commands/publish.ts")).publish,
      },
    },
  },
  {
    title: "About",
    verbs: {
      config: {
        summary: "Check the project and show it as it is understood",
        load: async () => (await import("./commands/config.ts")).config,
      },
      completion: {
        summary: "Print a script that completes commands in a shell",
        load: async () => (await import("./commands/completion.ts")).completion,
      },
      version: { summary: "Show the version", load: async () => (await import("./commands/version.ts")).version },
    },
  },
];

/** Called by scripts of ours, not by people. */
const hidden: ReadonlyMap<string, Verb["load"]> = new Map([
  ["__complete", async () => (await import("./commands/complete.ts")).complete],
]);

/** Other names by which a verb is known. */
const aliases: ReadonlyMap<string, string> = new Map([["convert", "config"]]);

export async function findVerb(name: string): Promise<CommandSpec> {
  const wanted = aliases.get(name) ?? name;
  const all = new Map(groups.flatMap((group) => Object.entries(group.verbs)));
  const found = all.get(wanted);
  if (found !== undefined) return found.load();
  const load = hidden.get(name);
  if (load !== undefined) return load();
  const similar = nearest(name, all.keys());
  throw new UsageError(
    `unknown command: ${name}`,
    similar === undefined ? "see 'tscompose --help' for what there is" : `did you mean ${similar}?`,
  );
}
