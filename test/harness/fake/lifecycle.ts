import type { Healthcheck } from "../../../src/model/project.ts";
import { isProgram, runCommand, startProcess } from "./shell.ts";
import { type FakeContainer, type FakeWorld, emit, refusal, ring } from "./world.ts";

/** Starting, stopping and what happens by itself in between: exits, restarts, health checks. */
export function start(world: FakeWorld, container: FakeContainer): void {
  if (container.state === "running" || container.state === "restarting") return;
  if (container.state === "paused") throw refusal(409, "cannot start a paused container, try unpause instead");
  for (const [name, id] of container.networks) {
    const network = [...world.networks.values()].find((each) => (id === "" ? each.name === name : each.id === id));
    if (network === undefined)
      throw refusal(404, `failed to set up container networking: network ${id === "" ? name : id} not found`);
    container.networks.set(name, network.id);
  }
  refuseTakenPorts(world, container);
  const command = commandOf(container);
  // Under an init process the program is looked for after the start, and the container exits with 127.
  if (!isProgram(command) && container.request.service.init !== true) {
    container.exitCode = 127;
    container.error = `exec: "${command[0]}": executable file not found in $PATH`;
    throw refusal(400, `there is no program "${command[0]}" in the image`);
  }
  launch(world, container, command);
}

function launch(world: FakeWorld, container: FakeContainer, command: readonly string[]): void {
  const { service } = container.request;
  // As the engine has it: taken before the process begins, so that nothing it writes is older.
  container.startedAt = Date.now();
  const process = startProcess(command, shellIo(container), { init: service.init === true });
  container.process = process;
  container.state = "running";
  container.stopping = false;
  container.exitCode = 0;
  container.error = "";
  container.health = hasHealthcheck(service.healthcheck) ? "starting" : "none";
  emit(world, container, "start");
  ring(container);
  void process.exitCode.then((code) => {
    if (container.process === process) exited(world, container, code);
  });
  void watchHealth(world, container, process);
}

function exited(world: FakeWorld, container: FakeContainer, code: number): void {
  container.process = undefined;
  container.exitCode = code;
  container.finishedAt = Date.now();
  container.health = "none";
  container.state = "exited";
  emit(world, container, "die", { exitCode: String(code) });
  ring(container);
  if (container.request.oneOff?.autoRemove === true) return remove(world, container);
  if (!container.stopping && restarts(container, code)) restartLater(world, container);
}

function restarts(container: FakeContainer, code: number): boolean {
  const [policy = "", most] = (container.request.service.restart ?? "").split(":", 2);
  if (policy === "always" || policy === "unless-stopped") return true;
  return policy === "on-failure" && code !== 0 && (most === undefined || container.restartCount < Number(most));
}

/** The real one waits 100 ms before the first try, and twice as long before each other. */
function restartLater(world: FakeWorld, container: FakeContainer): void {
  container.state = "restarting";
  const delay = 100 * 2 ** container.restartCount;
  container.restartCount += 1;
  setTimeout(() => {
    if (container.state === "restarting" && !container.stopping) launch(world, container, commandOf(container));
  }, delay).unref();
}

/** The stop signal, then SIGKILL when the time is up. */
export async function stop(world: FakeWorld, container: FakeContainer, timeoutSeconds?: number): Promise<void> {
  container.stopping = true;
  if (container.state === "restarting") {
    container.state = "exited";
    emit(world, container, "stop");
    ring(container);
    return;
  }
  const { process } = container;
  if (process === undefined) return;
  const { service } = container.request;
  const seconds = timeoutSeconds ?? (service.stop_grace_period ?? 10_000) / 1000;
  const signal = service.stop_signal ?? "SIGTERM";
  emit(world, container, "kill", { signal: signal === "SIGTERM" ? "15" : signal });
  process.signal(signal);
  const timer = setTimeout(() => {
    emit(world, container, "kill", { signal: "9" });
    process.signal("SIGKILL");
  }, seconds * 1000);
  await process.exitCode;
  clearTimeout(timer);
  // The end is noted in the turn after the process has ended.
  await new Promise((settle) => setImmediate(settle));
  emit(world, container, "stop");
}

export async function kill(world: FakeWorld, container: FakeContainer, signal: string): Promise<void> {
  const { process } = container;
  if (process === undefined)
    throw refusal(409, `cannot kill container: ${container.name}: container ${container.name} is not running`);
  if (signal === "SIGKILL") container.stopping = true;
  emit(world, container, "kill", { signal });
  process.signal(signal);
  if (signal === "SIGKILL") await process.exitCode;
}

export function remove(world: FakeWorld, container: FakeContainer): void {
  if (!world.containers.has(container.id)) return;
  container.stopping = true;
  if (container.process !== undefined) {
    const { process } = container;
    container.process = undefined;
    container.exitCode = 137;
    process.signal("SIGKILL");
    emit(world, container, "kill", { signal: "9" });
    emit(world, container, "die", { exitCode: "137" });
  }
  container.state = "dead";
  world.containers.delete(container.id);
  emit(world, container, "destroy");
  ring(container);
}

export function shellIo(container: FakeContainer): Parameters<typeof startProcess>[1] {
  return {
    files: container.files,
    print(stream, text) {
      container.output.push({ stream, text, time: Date.now() });
      ring(container);
    },
  };
}

function commandOf({ request, image }: FakeContainer): readonly string[] {
  const { entrypoint, command } = request.service;
  if (entrypoint !== undefined && entrypoint.length > 0) return [...entrypoint, ...(command ?? [])];
  return command !== undefined && command.length > 0 ? command : image.command;
}

function refuseTakenPorts(world: FakeWorld, container: FakeContainer): void {
  const wanted = (container.request.service.ports ?? []).map((port) => port.published);
  for (const other of world.containers.values()) {
    if (other === container || other.process === undefined) continue;
    const taken = (other.request.service.ports ?? []).find(
      ({ published }) => published !== undefined && wanted.includes(published),
    );
    if (taken?.published === undefined) continue;
    const message = `the port 0.0.0.0:${taken.published} is taken by the container ${other.name} of the project ${other.request.project.name}`;
    throw refusal(500, message, { operation: "start container", resource: `container ${container.name}` });
  }
}

function hasHealthcheck(check: Healthcheck | undefined): check is Healthcheck & { readonly test: readonly string[] } {
  return check?.test !== undefined && check.disable !== true && check.test[0] !== "NONE";
}

/** Probes at the engine's pace: every start_interval while the container starts, every interval afterwards. */
async function watchHealth(
  world: FakeWorld,
  container: FakeContainer,
  process: FakeContainer["process"],
): Promise<void> {
  const check = container.request.service.healthcheck;
  if (!hasHealthcheck(check)) return;
  let failures = 0;
  for (;;) {
    const starting = Date.now() - container.startedAt < (check.start_period ?? 0) && container.health === "starting";
    const pause = starting ? (check.start_interval ?? 5000) : (check.interval ?? 30_000);
    await new Promise((settle) => setTimeout(settle, pause).unref());
    if (container.process !== process) return;
    if (container.state === "paused") continue;
    const lines: string[] = [];
    const io = { files: container.files, print: (_: string, text: string) => void lines.push(text) };
    const [kind, ...words] = check.test;
    const exitCode = await runCommand(kind === "CMD-SHELL" ? ["sh", "-c", words.join(" ")] : words, io);
    if (container.process !== process) return;
    container.probes.push({ exitCode, output: lines.join("") });
    if (container.probes.length > 5) container.probes.shift();
    const stillStarting = Date.now() - container.startedAt < (check.start_period ?? 0);
    failures = exitCode === 0 ? 0 : failures + (stillStarting ? 0 : 1);
    if (exitCode === 0) setHealth(world, container, "healthy");
    else if (failures >= (check.retries ?? 3)) setHealth(world, container, "unhealthy");
  }
}

function setHealth(world: FakeWorld, container: FakeContainer, health: "healthy" | "unhealthy"): void {
  if (container.health === health) return;
  container.health = health;
  emit(world, container, `health_status: ${health}`);
  ring(container);
}
