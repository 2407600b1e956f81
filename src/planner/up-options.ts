import type { OneOffContainer } from "../model/plan.ts";
import type { ImageOptions } from "./images.ts";

/** The flags of `up`, `create` and `scale`, as far as they change what is planned. */
export interface UpOptions {
  /** Named on the command line; the others of the project are there as dependencies. Empty: all were meant. */
  readonly services: readonly string[];
  /** false: create only. */
  readonly start: boolean;
  readonly forceRecreate: boolean;
  readonly noRecreate: boolean;
  readonly alwaysRecreateDependencies: boolean;
  readonly renewAnonymousVolumes: boolean;
  readonly removeOrphans: boolean;
  readonly ignoreOrphans: boolean;
  /** Seconds that a container has to stop; absent: its own grace period. */
  readonly timeoutSeconds?: number | undefined;
  /** `--wait`: done only when everything runs, is healthy, or has done its job. */
  readonly wait: boolean;
  readonly waitTimeoutMs?: number | undefined;
  readonly images: ImageOptions;
  /** Services whose providers were run just now, and models that were prepared. */
  readonly provided: ReadonlySet<string>;
  readonly prepared: ReadonlySet<string>;
  /** Keys of confirmations that were answered with yes. */
  readonly confirmed: ReadonlySet<string>;
  /** `run`: this service gets one more container, for one command; the others are brought up for it. */
  readonly oneOff?: OneOffRequest | undefined;
}

export interface OneOffRequest extends OneOffContainer {
  readonly service: string;
  readonly name: string;
}

export const defaultUpOptions: UpOptions = {
  services: [],
  start: true,
  forceRecreate: false,
  noRecreate: false,
  alwaysRecreateDependencies: false,
  renewAnonymousVolumes: false,
  removeOrphans: false,
  ignoreOrphans: false,
  wait: false,
  images: { pull: undefined, build: false, noBuild: false, brought: new Set() },
  provided: new Set(),
  prepared: new Set(),
  confirmed: new Set(),
};

export type RecreatePolicy = "diverged" | "force" | "never";

export function recreatePolicy(options: UpOptions, service: string): RecreatePolicy {
  if (options.noRecreate) return "never";
  const named = options.services.length === 0 || options.services.includes(service);
  const force = named ? options.forceRecreate || options.renewAnonymousVolumes : options.alwaysRecreateDependencies;
  return force ? "force" : "diverged";
}
