import { choice, flag, integer, list, text, switchable } from "../option.ts";
import type { OptionSpec, TableOf } from "../option.ts";

/** Flags that several verbs have in common, word for word. */
export const timeout: OptionSpec<number | undefined> = integer(
  "-t, --timeout <seconds>",
  "Seconds that a container has to stop before it is killed",
);
const removeOrphansFlags = ["--remove-orphans", "Remove containers of services that the file no longer has"] as const;
export const removeOrphans: OptionSpec<boolean> = flag(...removeOrphansFlags);
/** Of `up` and `down`, which leave it to a variable where it is not said. */
export const orphansRemoved: OptionSpec<boolean | undefined> = switchable(...removeOrphansFlags);
export const noDeps: OptionSpec<boolean> = flag("--no-deps", "Leave alone what the services depend on");
export const yes: OptionSpec<boolean> = flag("-y, --yes", "Answer every question with yes");
export const index: OptionSpec<number | undefined> = integer(
  "--index <n>",
  "Which container, where a service has several",
  { minimum: 0 },
);

export const detachKeys: OptionSpec<string | undefined> = text(
  "--detach-keys <keys>",
  "Keys that let it run on and come back (default ctrl-p,ctrl-q)",
);

export const autoPorts: OptionSpec<boolean | undefined> = switchable(
  "--auto-ports",
  "Where a host port is not free, use another one that stays the same; see .tscompose/ports.env",
);

/** Of verbs that create containers. */
interface Creation {
  readonly build: boolean;
  readonly noBuild: boolean;
  readonly pull: "always" | "missing" | "never" | "build" | "policy" | undefined;
  readonly quietPull: boolean;
  readonly forceRecreate: boolean;
  readonly noRecreate: boolean;
  readonly removeOrphans: boolean | undefined;
  readonly scale: readonly string[];
  readonly autoPorts: boolean | undefined;
  readonly yes: boolean;
}

export const creation: TableOf<Creation> = {
  build: flag("--build", "Build images first"),
  noBuild: flag("--no-build", "Never build an image"),
  pull: choice("--pull <when>", ["always", "missing", "never", "build", "policy"], "When to pull images"),
  quietPull: flag("--quiet-pull", "Pull without showing progress"),
  forceRecreate: flag("--force-recreate", "Replace containers even where nothing changed"),
  noRecreate: flag("--no-recreate", "Keep containers that exist, whatever changed"),
  removeOrphans: orphansRemoved,
  scale: list("--scale <service=n>", "Run this many containers of the service; repeatable"),
  autoPorts,
  yes,
};
