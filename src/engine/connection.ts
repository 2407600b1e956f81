import type { StringMap } from "../model/project.ts";
import type { DockerConfig } from "./docker-config.ts";
import type { EngineInfo } from "./engine.ts";
import type { ContainerNames } from "./read/container-names.ts";
import type { Client } from "./transport/client.ts";

/** What the calls of one connection share. */
export interface Connection {
  readonly client: Client;
  readonly info: EngineInfo;
  readonly config: DockerConfig;
  readonly environment: StringMap;
  /** The engine runs on our kernel, so a time of ours means the same to it. */
  readonly sameClock: boolean;
  readonly names: ContainerNames;
}
