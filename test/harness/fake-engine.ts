import type { Engine, EngineInfo } from "../../src/engine/engine.ts";
import { containerCalls } from "./fake/containers.ts";
import { imageCalls } from "./fake/images.ts";
import { resourceCalls } from "./fake/resources.ts";
import { streamCalls } from "./fake/streams.ts";
import { type FakeImage, type FakeWorld, newId } from "./fake/world.ts";

export interface FakeEngineOptions {
  /** Names of local images; each runs `sleep infinity` unless a command is given. */
  readonly images?: Readonly<Record<string, Partial<FakeImage>>>;
  readonly api?: readonly [number, number];
}

export interface FakeEngine extends Engine {
  readonly world: FakeWorld;
}

/**
 * An engine in memory: containers run the small shell of fake/shell.ts, events are emitted, and what the real engine
 * refuses is refused. test/engine/contract.test.ts holds it to what the real one does.
 */
export function fakeEngine(options: FakeEngineOptions = {}): FakeEngine {
  const world: FakeWorld = {
    images: new Map(Object.entries(options.images ?? { busybox: {} }).map(([name, each]) => [name, image(name, each)])),
    containers: new Map(),
    networks: new Map(),
    volumes: new Map(),
    execs: new Map(),
    listeners: new Set(),
    history: [],
  };
  const info: EngineInfo = {
    version: "28.5.2",
    api: options.api ?? [1, 51],
    os: "linux",
    buildkit: true,
    swarm: false,
    endpoint: "fake://",
  };
  return {
    world,
    info,
    ...containerCalls(world),
    ...streamCalls(world),
    ...resourceCalls(world),
    ...imageCalls(world),
    close: async () => {},
  };
}

function image(name: string, given: Partial<FakeImage>): FakeImage {
  return {
    id: `sha256:${newId()}`,
    os: "linux",
    architecture: "amd64",
    sizeBytes: 1_000_000,
    repoTags: [name.includes(":") ? name : `${name}:latest`],
    labels: new Map(),
    volumes: [],
    healthcheck: false,
    command: ["sleep", "infinity"],
    ...given,
  };
}
