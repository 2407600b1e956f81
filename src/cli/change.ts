import type { ActionContext, ChangeResult } from "../actions/context.ts";
import { ExitError, ProjectError } from "../model/error.ts";
import type { ProgressEvent } from "../model/event.ts";
import type { Confirmation } from "../model/plan.ts";
import type { ProgressStyle, Renderer } from "../render/renderer.ts";
import { output, write } from "./output.ts";
import type { Session } from "./session.ts";

export interface ChangeOptions {
  readonly dryRun: boolean;
  /** Nobody is asked: the answer is yes. */
  readonly yes?: boolean | undefined;
  /** Standard input is for what is started: no line of it is an answer to us. */
  readonly passesStdin?: boolean | undefined;
  /** Instead of the first Ctrl-C: for verbs that make something of that. */
  readonly signal?: AbortSignal | undefined;
  /** Lines instead of live rows: something else is written to the terminal at the same time. */
  readonly plain?: boolean | undefined;
  /** A dry run without a step is not worth a word: the verb has more to say than its plan. */
  readonly stepsOnly?: boolean | undefined;
  /** Nothing but failures. */
  readonly quiet?: boolean | undefined;
  /** What a flag of the verb's own says. */
  readonly style?: ProgressStyle | undefined;
}

/** Runs an action that changes something, with its progress on standard error; a dry run prints the plan instead. */
export async function change<R extends ChangeResult>(
  session: Session,
  options: ChangeOptions,
  act: (context: ActionContext) => Promise<R>,
): Promise<R> {
  const dryRun = options.dryRun || session.globals.dryRun;
  const renderer = await openRenderer(session, options);
  const seen: ProgressEvent[] = [];
  let failed = true;
  try {
    const context = await session.context({
      dryRun,
      signal: options.signal ?? session.interrupts.first,
      onEvent: (event) => {
        // Whoever watches files for days has no end of them.
        if (session.globals.timeline !== undefined) seen.push(event);
        renderer.onEvent(event);
      },
      confirm: async ({ question, kind }) => {
        const piped = options.passesStdin !== true && !process.stdin.isTTY;
        const answers = piped && pipedAnswers.has(kind) ? process.stdin : undefined;
        return options.yes === true || unlessInterrupted(renderer.ask(question, answers), session.interrupts.first);
      },
    });
    const result = await act(context);
    await renderer.close();
    if (dryRun && !(options.stepsOnly === true && result.plan.steps.length === 0)) await printPlan(session, result);
    if (result.exitCode !== undefined && result.exitCode !== 0) throw new ExitError(result.exitCode);
    failed = false;
    return result;
  } finally {
    await renderer.close();
    if (session.globals.timeline !== undefined)
      await writeTimeline(session.globals.timeline, seen).catch((error: unknown) => {
        // Where the work itself has failed, that is what has to be told.
        if (!failed) throw error;
      });
  }
}

/**
 * `echo y | tscompose rm`: scripts written for docker compose answer so. Whether secrets are published, or another
 * folder's project is changed, no stray line on a pipe decides.
 */
const pipedAnswers: ReadonlySet<Confirmation["kind"]> = new Set(["containers.remove", "volume.recreate"]);

/** Who presses Ctrl-C has answered: nothing may wait for more. */
function unlessInterrupted(answer: Promise<boolean>, interrupted: AbortSignal): Promise<boolean> {
  return new Promise((settle, fail) => {
    const leave = (): void => {
      // The question's line has no end yet.
      write("stderr", "\n");
      settle(false);
    };
    interrupted.addEventListener("abort", leave, { once: true });
    answer.then(settle, fail).finally(() => interrupted.removeEventListener("abort", leave));
  });
}

async function openRenderer(session: Session, { plain, quiet, style: asked }: ChangeOptions): Promise<Renderer> {
  const { makeRenderer } = await import("../render/renderer.ts");
  const { terminal } = session;
  const { progress: usual, errorColour } = terminal;
  const progress = asked ?? usual;
  const style = plain === true && progress === "tty" ? "plain" : progress;
  return makeRenderer(quiet === true ? "quiet" : style, {
    colour: errorColour,
    isInteractive: () => terminal.interactive,
    stream: output("stderr"),
  });
}

async function printPlan(session: Session, { plan }: ChangeResult): Promise<void> {
  const { describePlan } = await import("./plan-output.ts");
  session.print(await describePlan(session, plan, undefined));
  if (plan.problems.length > 0) throw new ProjectError(plan.problems);
}

async function writeTimeline(file: string, events: readonly ProgressEvent[]): Promise<void> {
  const { timeline, timelineSvg, chromeTrace } = await import("../render/timeline.ts");
  const { writeNamedFile } = await import("./write-file.ts");
  const steps = timeline(events);
  await writeNamedFile(file, file.endsWith(".json") ? chromeTrace(steps) : timelineSvg(steps, "tscompose"));
}
