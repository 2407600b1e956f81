import type { Attached, AttachOptions } from "../../actions/up.ts";
import { UsageError } from "../../model/error.ts";
import { withAutoPorts } from "../auto-ports.ts";
import { change } from "../change.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { logWriter } from "../log-writer.ts";
import type { LogWriter } from "../log-writer.ts";
import { openMenu, wantsMenu } from "../menu.ts";
import { flag, integer, list, switchable, text } from "../option.ts";
import type { ValuesOf } from "../option.ts";
import { parseScale } from "../scale.ts";
import type { Session } from "../session.ts";
import { watchWriter } from "../watch-writer.ts";
import { creation, noDeps, timeout } from "./shared.ts";

const options = {
  detach: flag("-d, --detach", "Start and come back, instead of showing what the containers write"),
  ...creation,
  alwaysRecreateDeps: flag("--always-recreate-deps", "Replace what the named services depend on, too"),
  renewAnonVolumes: flag("-V, --renew-anon-volumes", "New anonymous volumes instead of those of the containers before"),
  noDeps,
  noStart: flag("--no-start", "Create, but do not start"),
  quietBuild: flag("--quiet-build", "Build without showing progress"),
  timeout,
  wait: flag("--wait", "Come back when everything runs, is healthy or has done its job; implies --detach"),
  waitTimeout: integer("--wait-timeout <seconds>", "How long --wait waits", { minimum: 0 }),
  abortOnContainerExit: flag("--abort-on-container-exit", "Stop all as soon as one container exits"),
  abortOnContainerFailure: flag("--abort-on-container-failure", "Stop all as soon as one container fails"),
  exitCodeFrom: text("--exit-code-from <service>", "Exit with this service's code; implies --abort-on-container-exit"),
  attach: list("--attach <service>", "Show only what this service writes; repeatable"),
  noAttach: list("--no-attach <service>", "Do not show what this service writes; repeatable"),
  attachDependencies: flag("--attach-dependencies", "Show what the dependencies of the named services write, too"),
  noColor: flag("--no-color", "No colours"),
  noLogPrefix: flag("--no-log-prefix", "Lines without the container's name"),
  timestamps: flag("--timestamps", "Lines with the time at which they were written"),
  menu: switchable("--menu", "Keys while attached: d detaches, w watches files"),
  watch: flag("-w, --watch", "Rebuild and refresh containers when files change"),
} as const;

type Options = ValuesOf<typeof options>;

export const up: CommandSpec = command({
  name: "up",
  summary: "Create and start containers",
  arguments: "[SERVICE...]",
  options,
  exclusive: [
    ["build", "noBuild"],
    ["forceRecreate", "noRecreate"],
    ["renewAnonVolumes", "noRecreate"],
    ["alwaysRecreateDeps", "noRecreate"],
    ["attach", "attachDependencies"],
    ["noBuild", "watch"],
    ["noStart", "wait"],
  ],
  examples: [
    ["tscompose up -d", "start everything in the background"],
    ["tscompose up --wait web", "come back when web and what it needs are healthy"],
    ["tscompose up --dry-run", "show what would be done, and why"],
  ],
  run: async (session, given, services) => {
    const writer = logWriter(session, given);
    const attached = stays(given) ? attachOptions(session, given, writer) : undefined;
    const plain = attached !== undefined;
    const behaviour = { dryRun: given.dryRun, yes: given.yes, signal: attached?.kill, plain };
    await change(session, behaviour, async (context) => {
      const { up } = await import("../../actions/up.ts");
      const scale = parseScale(given.scale, "--scale option");
      const pull = given.pull === "policy" ? undefined : given.pull;
      const { timeout: timeoutSeconds, waitTimeout: waitTimeoutSeconds } = given;
      return up(withAutoPorts(context, given.autoPorts), {
        ...given,
        services,
        pull,
        scale,
        timeoutSeconds,
        waitTimeoutSeconds,
        attached,
      });
    }).finally(() => {
      attached?.close();
      writer.flush();
    });
  },
});

/** Whether we stay and listen; flags that need that exclude those that do not. */
function stays(given: Options): boolean {
  const away = given.detach ? "--detach" : given.wait ? "--wait" : given.noStart ? "--no-start" : undefined;
  if (away === undefined) return true;
  const other = staying.find(([key]) => isGiven(given[key]));
  if (other === undefined) return false;
  throw new UsageError(`${away} and ${other[1]} are incompatible`, `${other[1]} needs somebody who stays`);
}

function attachOptions(session: Session, given: Options, writer: LogWriter): AttachOptions & { close(): void } {
  const { first: stop, second: kill } = session.interrupts;
  stop.addEventListener("abort", () => session.say("Gracefully stopping... press Ctrl-C again to force\n"));
  const detach = new AbortController();
  // `--exit-code-from "$SERVICE"` with nothing in SERVICE: as if it were not said, as with docker compose.
  const exitCodeFrom = given.exitCodeFrom === "" ? undefined : given.exitCodeFrom;
  let menu: Disposable | undefined;
  const openKeys = ({ toggleWatch }: Attached): void => {
    menu = openMenu({
      toggleWatch,
      hint: session.terminal.progress === "tty" || session.terminal.progress === "plain",
      say: (text) => session.say(text),
      detach() {
        session.say("Detached: the containers go on\n");
        detach.abort();
      },
    });
  };
  return {
    attach: given.attach,
    noAttach: given.noAttach,
    attachDependencies: given.attachDependencies,
    abortOnContainerExit: given.abortOnContainerExit || exitCodeFrom !== undefined,
    abortOnContainerFailure: given.abortOnContainerFailure,
    exitCodeFrom,
    onOutput: writer.write,
    stop,
    kill,
    detach: detach.signal,
    watch: given.watch,
    onWatch: watchWriter(session, "⦿ "),
    ...(wantsMenu(given.menu, process.env) && { onAttached: openKeys }),
    close: () => menu?.[Symbol.dispose](),
  };
}

/** Flags that make sense only for one who stays attached. */
const staying = [
  ["abortOnContainerExit", "--abort-on-container-exit"],
  ["abortOnContainerFailure", "--abort-on-container-failure"],
  ["exitCodeFrom", "--exit-code-from"],
  ["attach", "--attach"],
  ["attachDependencies", "--attach-dependencies"],
  ["watch", "--watch"],
  ["menu", "--menu"],
] as const satisfies readonly (readonly [keyof Options, string])[];

function isGiven(value: boolean | string | readonly string[] | undefined): boolean {
  return typeof value === "object" ? value.length > 0 : value !== undefined && value !== false && value !== "";
}
