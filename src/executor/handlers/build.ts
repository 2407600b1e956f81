import { EngineError } from "../../model/error.ts";
import type { StepOf } from "../../model/plan.ts";
import { buildRequest, standsOnService } from "../build-request.ts";
import type { Progress, Run } from "../run.ts";
import { buildLog } from "./build-log.ts";

export async function buildImage(step: StepOf<"image.build">, run: Run, progress: Progress): Promise<undefined> {
  const log = buildLog();
  if (step.build.pull === true && standsOnService(step.build)) {
    run.notice("warning", `${step.resource} is built on a service's image, so its bases are not pulled anew`);
  }
  if (step.memoryBytes !== undefined && run.engine.info.buildkit) {
    run.notice("warning", `${step.resource}: --memory limits the classic builder only`);
  }
  try {
    for await (const each of run.engine.buildImage(buildRequest(step, run.project), run.signal)) {
      for (const text of log.read(each)) progress.report(text);
    }
  } catch (error) {
    if (error instanceof Error) throw new BuildFailure(error, log.failure());
    throw error;
  }
  return undefined;
}

/** Carries beside the error what helps to mend it: the step's last output, and the lines of the Dockerfile. */
export class BuildFailure extends Error {
  override readonly name: string = "BuildFailure";
  readonly details: readonly string[];
  readonly hint: string | undefined;
  constructor(cause: Error, details: readonly string[]) {
    super(cause.message, { cause });
    this.details = details;
    this.hint = cause instanceof EngineError ? cause.hint : undefined;
  }
}
