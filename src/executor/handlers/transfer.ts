import type { TransferProgress } from "../../engine/engine.ts";
import { CancelledError, EngineError } from "../../model/error.ts";
import type { StepOf } from "../../model/plan.ts";
import type { Progress, Run } from "../run.ts";

export async function pullImage(step: StepOf<"image.pull">, run: Run, progress: Progress): Promise<string | undefined> {
  const { image, platform } = step;
  const owners = run.layers;
  const lines = (): AsyncIterable<TransferProgress> => run.engine.pullImage(image, { platform }, run.signal);
  return (await transfer(lines, step, { run, progress, owners })) ? undefined : "Not pulled";
}

export async function pushImage(step: StepOf<"image.push">, run: Run, progress: Progress): Promise<string | undefined> {
  // Pushed to two repositories, a layer does travel twice.
  const owners = new Map<string, number>();
  const lines = (): AsyncIterable<TransferProgress> => run.engine.pushImage(step.image, run.signal);
  return (await transfer(lines, step, { run, progress, owners })) ? undefined : "Not pushed";
}

type TransferStep = StepOf<"image.pull" | "image.push">;

interface Surroundings {
  readonly run: Run;
  readonly progress: Progress;
  readonly owners: Map<string, number>;
}

/** false: it failed, and that does not matter. */
async function transfer(
  open: () => AsyncIterable<TransferProgress>,
  step: TransferStep,
  surroundings: Surroundings,
): Promise<boolean> {
  const { run } = surroundings;
  try {
    await persistently(() => consume(open(), step, surroundings), surroundings);
    return true;
  } catch (error) {
    if (!step.optional || run.signal.aborted) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const what = step.kind === "image.pull" ? "pulled" : "pushed";
    run.notice("warning", `image ${step.image} cannot be ${what}: ${reason}`);
    return false;
  }
}

/** A registry that restarts is back in seconds; what is worth waiting for longer is worth another command. */
const pausesMs = [500, 1000, 2000];

/** Faults of the network pass; that an image is not there, or that one may not have it, does not. */
async function persistently(attempt: () => Promise<void>, { run, progress }: Surroundings): Promise<void> {
  for (const pause of pausesMs) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof EngineError) || !error.transient || run.signal.aborted) throw error;
      progress.report(`${error.message}; trying again in ${pause / 1000} s`);
    }
    await rest(pause, run.signal);
  }
  return attempt();
}

function rest(pauseMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((settle, fail) => {
    const stop = (): void => {
      clearTimeout(timer);
      fail(new CancelledError());
    };
    const timer = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      settle();
    }, pauseMs);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
}

interface Amount {
  readonly current: number;
  readonly total: number;
}

async function consume(
  lines: AsyncIterable<TransferProgress>,
  step: TransferStep,
  { owners, progress }: Surroundings,
): Promise<void> {
  const layers = new Map<string, Amount>();
  for await (const line of lines) {
    const { id } = line;
    if (id === undefined) continue;
    const owner = owners.get(id) ?? step.id;
    const amount = owner === step.id ? amountOf(line, layers.get(id)) : undefined;
    if (amount === undefined) continue;
    owners.set(id, owner);
    layers.set(id, amount);
    const sum = sumOf(layers);
    progress.report(`${megabytes(sum.current)} of ${megabytes(sum.total)} MB`, sum);
  }
}

/** Bytes on their way. Unpacking has numbers of its own, which start again at nothing; they are not what is waited for. */
function amountOf({ status, current, total }: TransferProgress, before: Amount | undefined): Amount | undefined {
  if (status === "Download complete" || status === "Pushed") {
    return before === undefined ? undefined : { ...before, current: before.total };
  }
  if ((status !== "Downloading" && status !== "Pushing") || current === undefined) return undefined;
  // The last line of a push says more bytes than there were to push, and no total.
  const all = Math.max(total ?? current, before?.total ?? 0);
  return { current: Math.min(current, all), total: all };
}

function sumOf(layers: ReadonlyMap<string, Amount>): Amount {
  return [...layers.values()].reduce((sum, { current, total }) => ({
    current: sum.current + current,
    total: sum.total + total,
  }));
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
