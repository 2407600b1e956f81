import type { Step } from "../model/plan.ts";
import { containerHandlers } from "./handlers/container.ts";
import { copyFiles } from "./handlers/files.ts";
import { hookHandlers } from "./handlers/hook.ts";
import { imageHandlers } from "./handlers/image.ts";
import { resourceHandlers } from "./handlers/resource.ts";
import type { Handlers, Progress, Run } from "./run.ts";

const handlers: Handlers = {
  ...containerHandlers,
  ...resourceHandlers,
  ...imageHandlers,
  ...hookHandlers,
  "container.files": copyFiles,
  "model.prepare": async (step, run, progress) =>
    (await import("./handlers/model.ts")).prepareModel(step, run, progress),
  // Programs of others are rare, and what it takes to run them costs everybody else time.
  "provider.run": async (step, run, progress) =>
    (await import("./handlers/provider.ts")).runProvider(step, run, progress),
};

export function handle(step: Step, run: Run, progress: Progress): Promise<string | undefined> {
  // The table pairs each kind with its handler; the compiler cannot follow that through a lookup by a union.
  const handler = handlers[step.kind] as (step: Step, run: Run, progress: Progress) => Promise<string | undefined>;
  return handler(step, run, progress);
}
