import { choice, flag, integer, list, text } from "./option.ts";
import type { TableOf } from "./option.ts";

/** What the flags before the verb say. */
export interface Globals {
  readonly file: readonly string[];
  readonly projectName: string | undefined;
  readonly profile: readonly string[];
  readonly envFile: readonly string[];
  readonly projectDirectory: string | undefined;
  readonly progress: "auto" | "tty" | "plain" | "json" | "quiet" | "none" | undefined;
  readonly ansi: string | undefined;
  readonly parallel: number | undefined;
  readonly allResources: boolean;
  readonly compatibility: boolean;
  readonly dryRun: boolean;
  readonly timeline: string | undefined;
  readonly version: boolean;
  readonly context: string | undefined;
  readonly host: string | undefined;
  readonly noAnsi: boolean;
  readonly workdir: string | undefined;
  readonly verbose: boolean;
  readonly insecureRegistry: readonly string[];
}

export const globalOptions: TableOf<Globals> = {
  file: list("-f, --file <file>", 'Compose file; repeat it to merge several, "-" reads standard input'),
  projectName: text("-p, --project-name <name>", "Name of the project"),
  profile: list("--profile <name>", 'Enable a profile; repeatable, "*" enables all'),
  envFile: list("--env-file <file>", "Read variables from this file instead of .env; repeatable"),
  projectDirectory: text("--project-directory <folder>", "Folder that relative paths start from"),
  progress: choice("--progress <style>", ["auto", "tty", "plain", "json", "quiet", "none"], "How progress is shown"),
  ansi: text("--ansi <when>", "When to use control characters (never, always, auto)"),
  parallel: integer("--parallel <n>", "How many things are done at once; -1 is no limit"),
  allResources: flag("--all-resources", "Keep networks and volumes that no enabled service uses"),
  compatibility: flag("--compatibility", 'Name containers with "_" instead of "-"'),
  dryRun: flag("--dry-run", "Show what would be done, and why, and do nothing"),
  timeline: text("--timeline <file>", "Write where the time went: a picture (.svg) or a trace (.json)"),
  version: flag("-v, --version", "Show the version"),
  context: text("-c, --context <name>", "Name of the docker context to use", { hidden: true }),
  host: text("-H, --host <address>", "Engine to talk to", { hidden: true }),
  noAnsi: flag("--no-ansi", "The same as --ansi never", { hidden: true }),
  workdir: text("--workdir <folder>", "The same as --project-directory", { hidden: true }),
  verbose: flag("--verbose", "Say which files and which engine are used", { hidden: true }),
  insecureRegistry: list("--insecure-registry <host>", "Use plain HTTP for this registry", { hidden: true }),
};

/** What every verb takes. */
export interface Common {
  readonly dryRun: boolean;
}

export const commonOptions: TableOf<Common> = { dryRun: globalOptions.dryRun };
