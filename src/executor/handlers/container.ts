import type { CreateContainer, Engine } from "../../engine/engine.ts";
import { EngineError } from "../../model/error.ts";
import { temporaryName } from "../../model/names.ts";
import type { AwaitCondition, ContainerRef, StepOf } from "../../model/plan.ts";
import { judge } from "../judge.ts";
import { containerLabels } from "../labels.ts";
import { type Handlers, type Progress, type Run, containerId } from "../run.ts";

type ContainerHandlers = Pick<Handlers, Extract<keyof Handlers, `container.${string}`>>;

export const containerHandlers: Omit<ContainerHandlers, "container.files"> = {
  "container.create": createContainer,
  "container.start": (step, run) => nothing(run.engine.startContainer(containerId(step.container, run), run.signal)),
  "container.stop": stopContainer,
  "container.restart": (step, run) =>
    nothing(
      run.engine.restartContainer(
        containerId(step.container, run),
        { timeoutSeconds: step.timeoutSeconds },
        run.signal,
      ),
    ),
  "container.kill": killContainer,
  "container.pause": (step, run) => nothing(run.engine.pauseContainer(containerId(step.container, run), run.signal)),
  "container.unpause": (step, run) =>
    nothing(run.engine.unpauseContainer(containerId(step.container, run), run.signal)),
  "container.rename": (step, run) =>
    nothing(run.engine.renameContainer(containerId(step.container, run), step.to, run.signal)),
  "container.remove": (step, run) =>
    nothing(run.engine.removeContainer(containerId(step.container, run), { volumes: step.volumes }, run.signal)),
  "container.await": awaitContainer,
};

async function nothing(done: Promise<void>): Promise<undefined> {
  await done;
  return undefined;
}

async function killContainer(step: StepOf<"container.kill">, run: Run): Promise<string | undefined> {
  try {
    await run.engine.killContainer(containerId(step.container, run), step.signal, run.signal);
    return undefined;
  } catch (error) {
    // It has ended since we looked, perhaps because another one was killed before it.
    if (!(error instanceof EngineError) || (error.status !== 404 && error.status !== 409)) throw error;
    return "Not running";
  }
}

/** Whoever watches wants to know how long it can take: the timer only tells, the engine decides. */
async function stopContainer(step: StepOf<"container.stop">, run: Run, progress: Progress): Promise<undefined> {
  const { timeoutSeconds } = step;
  const id = containerId(step.container, run);
  const began = Date.now();
  let grace: Promise<number> | undefined;
  let over = false;
  const tellLeft = async (): Promise<void> => {
    grace ??= timeoutSeconds === undefined ? graceOf(id, run) : Promise.resolve(timeoutSeconds);
    const left = Math.ceil((await grace) - (Date.now() - began) / 1000);
    if (left > 0 && !over) progress.report(`has ${left} s to stop before it is killed`);
  };
  const tell = setInterval(() => void tellLeft(), tellEveryMs);
  try {
    await run.engine.stopContainer(id, { timeoutSeconds }, run.signal);
  } catch (error) {
    // Gone since we looked: a one-off that ended and was removed by the engine, or somebody else's `down`.
    if (!(error instanceof EngineError) || error.status !== 404) throw error;
  } finally {
    over = true;
    clearInterval(tell);
  }
  return undefined;
}

/** What it was made with: the file may say otherwise by now, or there may be none. 0 where nobody says. */
async function graceOf(id: string, { engine, signal }: Run): Promise<number> {
  const details = await engine.inspectContainer(id, signal).catch(() => undefined);
  return details === undefined ? 0 : (details.stopTimeoutSeconds ?? engineGraceSeconds);
}

/** What the engine gives a container that says nothing. */
const engineGraceSeconds = 10;
const tellEveryMs = 2000;

async function createContainer(step: StepOf<"container.create">, run: Run): Promise<undefined> {
  const { service } = step;
  const references = new Map([...step.references].map(([name, refs]) => [name, refs.map((ref) => live(ref, run))]));
  // What an earlier step pulled or built is known only now.
  const imageId = step.imageId ?? (await run.engine.findImage(step.image, service.platform, run.signal))?.id;
  const labels = containerLabels(run.project, step, { imageId, references });
  const request = {
    project: run.project,
    service,
    image: step.image,
    name: step.replaces === undefined ? step.name : temporaryName(step.replaces.id, step.name),
    finalName: step.name,
    labels,
    references,
    inherits: step.inherits,
    oneOff: step.oneOff,
  };
  const { id, warnings } = await create(request, run);
  run.created.set(step.id, id);
  for (const warning of warnings) run.notice("warning", `container ${step.name}: ${warning}`);
  return undefined;
}

async function create(
  request: CreateContainer,
  { engine, project, signal }: Run,
): ReturnType<Engine["createContainer"]> {
  try {
    return await engine.createContainer(request, signal);
  } catch (error) {
    if (!(error instanceof EngineError) || error.status !== 409) throw error;
    const own = await engine.listContainers({ project: project.name, all: true }, signal);
    if (!own.some(({ name }) => name === request.name)) throw error;
    // Not there when we looked: docker compose, say, brings the project up beside us. It is not to be removed.
    const { status, operation, resource } = error;
    const hint = "wait until that is done, and run the command again";
    const message = "somebody else who brings this project up has just made it";
    throw new EngineError(message, { status, operation, resource, hint, cause: error });
  }
}

function live(ref: ContainerRef, run: Run): { readonly id: string; readonly name: string; readonly number?: number } {
  return { id: containerId(ref, run), name: ref.name, ...(ref.number !== undefined && { number: ref.number }) };
}

async function awaitContainer(step: StepOf<"container.await">, run: Run, progress: Progress): Promise<string> {
  const id = containerId(step.container, run);
  const { until } = step;
  const since = Date.now();
  let restartsBefore: number | undefined;
  const verdict = await run.watch.until(id, {
    judge: (container, moment) => {
      restartsBefore ??= container.restartCount;
      return judge(container, { until, now: Date.now(), since, restartsBefore, isLast: moment === "last" });
    },
    onPending: (text) => progress.report(text),
    doneBy: untilHealthy(until) ? { action: "health_status: healthy", status: "Healthy" } : undefined,
    deadline: step.timeoutMs === undefined ? undefined : run.startedAt + step.timeoutMs,
    signal: run.signal,
    // `--wait`: what runs must still do so when the last of the others does.
    vigil: until === "running_or_healthy" ? step.id : undefined,
  });
  if (verdict.kind === "done") return verdict.status;
  throw new Error(`container ${step.container.name} ${verdict.message}`);
}

function untilHealthy(until: AwaitCondition): boolean {
  return until === "healthy" || until === "running_or_healthy";
}
