import type { TransferProgress } from "../../engine/engine.ts";
import type { StepOf } from "../../model/plan.ts";
import type { Handlers, Progress, Run } from "../run.ts";
import { buildImage } from "./build.ts";

type ImageKind = `image.${string}`;

export const imageHandlers: Pick<Handlers, Extract<keyof Handlers, ImageKind>> = {
  "image.pull": pullImage,
  "image.build": buildImage,
  "image.push": pushImage,
  "image.remove": async (step, run) =>
    (await run.engine.removeImage(step.image, run.signal)) === "in use" ? "Resource is still in use" : undefined,
};

async function pullImage(step: StepOf<"image.pull">, run: Run, progress: Progress): Promise<string | undefined> {
  const { image, platform } = step;
  const lines = run.engine.pullImage(image, { platform }, run.signal);
  return (await transfer(lines, step, { run, progress })) ? undefined : "Not pulled";
}

async function pushImage(step: StepOf<"image.push">, run: Run, progress: Progress): Promise<string | undefined> {
  const lines = run.engine.pushImage(step.image, run.signal);
  return (await transfer(lines, step, { run, progress })) ? undefined : "Not pushed";
}

/** false: it failed, and that does not matter. */
async function transfer(
  lines: AsyncIterable<TransferProgress>,
  step: StepOf<"image.pull" | "image.push">,
  { run, progress }: { readonly run: Run; readonly progress: Progress },
): Promise<boolean> {
  const layers = new Map<string, { readonly current: number; readonly total: number }>();
  try {
    for await (const line of lines) reportTransfer(line, layers, progress);
    return true;
  } catch (error) {
    if (!step.optional || run.signal.aborted) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    const what = step.kind === "image.pull" ? "pulled" : "pushed";
    run.notice("warning", `image ${step.image} cannot be ${what}: ${reason}`);
    return false;
  }
}

function reportTransfer(
  line: TransferProgress,
  layers: Map<string, { current: number; total: number }>,
  progress: Progress,
): void {
  const { id, current, total } = line;
  const counts = line.status === "Downloading" || line.status === "Pushing";
  if (id === undefined || current === undefined || total === undefined || !counts) return;
  layers.set(id, { current, total });
  const sum = [...layers.values()].reduce((all, layer) => ({
    current: all.current + layer.current,
    total: all.total + layer.total,
  }));
  progress.report(`${megabytes(sum.current)} of ${megabytes(sum.total)} MB`, sum);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
