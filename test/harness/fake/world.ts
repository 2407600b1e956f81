import { randomBytes } from "node:crypto";

import type { CreateContainer, EngineEvent } from "../../../src/engine/engine.ts";
import { EngineError } from "../../../src/model/error.ts";
import { composeLabels } from "../../../src/model/labels.ts";
import type { ContainerState, Health, ObservedImage } from "../../../src/model/observed.ts";
import type { FakeProcess } from "./shell.ts";

/** Everything that a fake engine has; plain data that a test may look at. */
export interface FakeWorld {
  readonly images: Map<string, FakeImage>;
  readonly containers: Map<string, FakeContainer>;
  readonly networks: Map<string, FakeNetwork>;
  readonly volumes: Map<string, { readonly name: string; readonly labels: ReadonlyMap<string, string> }>;
  readonly execs: Map<string, FakeExec>;
  readonly listeners: Set<(event: EngineEvent) => void>;
  readonly history: EngineEvent[];
}

export interface FakeImage extends ObservedImage {
  readonly command: readonly string[];
}

export interface FakeNetwork {
  readonly id: string;
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
}

export interface FakeContainer {
  readonly id: string;
  name: string;
  readonly request: CreateContainer;
  readonly image: FakeImage;
  readonly createdAt: number;
  state: ContainerState;
  health: Health;
  exitCode: number;
  error: string;
  startedAt: number;
  finishedAt: number;
  restartCount: number;
  /** Somebody asked for the end: no restart policy brings it back. */
  stopping: boolean;
  process: FakeProcess | undefined;
  readonly probes: { readonly exitCode: number; readonly output: string }[];
  /** Name → id; "" until it is first used: from then on another network of that name will not do. */
  readonly networks: Map<string, string>;
  readonly volumes: readonly { readonly name: string; readonly target: string; readonly writable: boolean }[];
  readonly files: Set<string>;
  readonly output: { readonly stream: "stdout" | "stderr"; readonly text: string; readonly time: number }[];
  /** Called at every change that somebody may wait for: output, exit, removal. */
  readonly bells: Set<() => void>;
}

export interface FakeExec {
  readonly container: FakeContainer;
  readonly command: readonly string[];
  exitCode: number | undefined;
}

export function newId(): string {
  return randomBytes(32).toString("hex");
}

export function find(world: FakeWorld, idOrName: string): FakeContainer {
  const byName = [...world.containers.values()].find((each) => each.name === idOrName);
  const found = world.containers.get(idOrName) ?? byName;
  if (found === undefined) throw refusal(404, `No such container: ${idOrName}`, { resource: `container ${idOrName}` });
  return found;
}

export function refusal(
  status: number,
  message: string,
  details: { readonly operation?: string; readonly resource?: string } = {},
): EngineError {
  return new EngineError(message, { status, operation: "call", resource: "engine", ...details });
}

export function emit(
  world: FakeWorld,
  container: FakeContainer,
  action: string,
  more: Record<string, string> = {},
): void {
  const { service, labels } = container.request;
  const event: EngineEvent = {
    action,
    containerId: container.id,
    attributes: new Map([
      ...labels,
      ["name", container.name],
      ["image", container.request.image],
      [composeLabels.service, labels.get(composeLabels.service) ?? service.name],
      ...Object.entries(more),
    ]),
    timeNano: BigInt(Date.now()) * 1_000_000n,
  };
  world.history.push(event);
  for (const listener of world.listeners) listener(event);
}

export function ring(container: FakeContainer): void {
  for (const bell of container.bells) bell();
}

/** Resolves at the next change of the container. */
export function nextChange(container: FakeContainer, signal?: AbortSignal): Promise<void> {
  return new Promise((settle) => {
    const bell = (): void => {
      container.bells.delete(bell);
      signal?.removeEventListener("abort", bell);
      settle();
    };
    container.bells.add(bell);
    signal?.addEventListener("abort", bell, { once: true });
  });
}
