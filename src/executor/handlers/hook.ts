import { EngineError } from "../../model/error.ts";
import { composeLabels, composeVersion } from "../../model/labels.ts";
import type { StepOf } from "../../model/plan.ts";
import type { Hook, Service } from "../../model/project.ts";
import { exitCodeOfExec } from "../exec-exit.ts";
import { type Handlers, type Progress, type Run, containerId } from "../run.ts";

export const hookHandlers: Pick<Handlers, "hook.exec" | "hook.run"> = { "hook.exec": execHook, "hook.run": runHook };

/** post_start and pre_stop: a command inside of the running container. */
async function execHook(step: StepOf<"hook.exec">, run: Run, progress: Progress): Promise<string | undefined> {
  const { engine, signal } = run;
  const id = containerId(step.container, run);
  try {
    const { hook } = step;
    const options = { ...hook, tty: false, stdin: false, privileged: hook.privileged === true, detach: false };
    const exec = await engine.createExec(id, options, signal);
    const session = await engine.startExec(exec, { tty: false, stdin: false }, signal);
    for await (const chunk of session.output) progress.report(Buffer.from(chunk.bytes).toString("utf8").trimEnd());
    const exitCode = await exitCodeOfExec(engine, exec, signal);
    if (exitCode !== 0)
      throw new Error(
        `${step.phase} hook of service "${step.service}" exited with status ${exitCode}: ${commandText(hook)}`,
      );
    return undefined;
  } catch (error) {
    // A container that has stopped by itself needs no preparation for being stopped.
    const gone = error instanceof EngineError && (error.status === 404 || error.status === 409);
    if (step.phase === "pre_stop" && gone) return "Hook not needed";
    throw error;
  }
}

/** pre_start: a container of its own that must end well before the service's containers start. */
async function runHook(step: StepOf<"hook.run">, run: Run): Promise<undefined> {
  const { engine, signal, project } = run;
  const service = hookService(step.service, step.hook);
  const name = `${step.container.name}-pre_start-${step.index}`;
  const { id } = await engine.createContainer(
    {
      project,
      service,
      image: service.image ?? "",
      name,
      finalName: name,
      labels: new Map([
        [composeLabels.project, project.name],
        [composeLabels.service, service.name],
        [composeLabels.version, composeVersion],
        [composeLabels.hook, "pre_start"],
      ]),
      references: new Map([[service.name, [{ id: containerId(step.container, run), name: step.container.name }]]]),
      inherits: [],
    },
    signal,
  );
  const { exitCode } = await engine.waitContainer(id, "next-exit", signal);
  await engine.startContainer(id, signal);
  const code = await exitCode;
  // A hook that failed stays, so that its logs can be read; explainFailure finds it under the step's container.
  if (code !== 0)
    throw new HookFailure(
      `pre_start hook ${step.index + 1} of service "${service.name}" exited with status ${code}: ${commandText(step.hook)}`,
      id,
    );
  await engine.removeContainer(id, { volumes: true }, signal);
  return undefined;
}

/** Names the container whose logs explain the failure. */
export class HookFailure extends Error {
  override readonly name: string = "HookFailure";
  readonly containerId: string;
  constructor(message: string, containerId: string) {
    super(message);
    this.containerId = containerId;
  }
}

function hookService(service: Service, hook: Hook): Service {
  const image = hook.image ?? service.image;
  return {
    name: service.name,
    command: hook.command,
    volumes_from: [service.name],
    environment: new Map([...(service.environment ?? []), ...(hook.environment ?? [])]),
    ...(image !== undefined && { image }),
    ...(hook.user !== undefined && { user: hook.user }),
    ...(hook.working_dir !== undefined && { working_dir: hook.working_dir }),
    ...(hook.privileged !== undefined && { privileged: hook.privileged }),
    ...(service.networks !== undefined && { networks: service.networks }),
    ...(service.network_mode !== undefined && { network_mode: service.network_mode }),
  };
}

function commandText(hook: Hook): string {
  return hook.command.join(" ");
}
