import type { ObservedContainer } from "./observed.ts";
import type { Build, Hook, Network, Service, Volume } from "./project.ts";

/** A container that exists, or that an earlier step of the same plan creates (then `id` is unknown while planning). */
export interface ContainerRef {
  /** Final name, which is also the row a person sees. */
  readonly name: string;
  readonly service: string;
  readonly number?: number;
  /** Known when it exists already. */
  readonly id?: string;
  /** The step of this plan that creates it. */
  readonly createdBy?: number;
}

/** What each kind of step carries; one line per engine call. A new kind is one line here and one handler. */
export interface StepFields {
  readonly "image.pull": {
    readonly image: string;
    readonly platform?: string;
    readonly services: readonly string[];
    readonly optional: boolean;
  };
  readonly "image.build": { readonly service: Service; readonly build: Build; readonly image: string };
  readonly "image.remove": { readonly image: string };
  readonly "network.create": { readonly network: Network };
  readonly "network.remove": { readonly name: string; readonly id: string };
  readonly "network.connect": { readonly network: string; readonly container: ContainerRef; readonly service: Service };
  readonly "network.disconnect": { readonly network: string; readonly container: ContainerRef };
  readonly "volume.create": { readonly volume: Volume };
  readonly "volume.remove": { readonly name: string };
  readonly "container.create": ContainerCreation;
  readonly "container.files": { readonly container: ContainerRef; readonly service: Service };
  readonly "container.start": { readonly container: ContainerRef };
  readonly "container.await": {
    readonly container: ContainerRef;
    readonly until: AwaitCondition;
    readonly timeoutMs?: number;
    readonly optional: boolean;
  };
  readonly "container.stop": { readonly container: ContainerRef; readonly timeoutSeconds?: number };
  readonly "container.kill": { readonly container: ContainerRef; readonly signal: string };
  readonly "container.restart": { readonly container: ContainerRef; readonly timeoutSeconds?: number };
  readonly "container.pause": { readonly container: ContainerRef };
  readonly "container.unpause": { readonly container: ContainerRef };
  readonly "container.rename": { readonly container: ContainerRef; readonly to: string };
  readonly "container.remove": { readonly container: ContainerRef; readonly volumes: boolean };
  readonly "hook.exec": {
    readonly container: ContainerRef;
    readonly hook: Hook;
    readonly phase: "post_start" | "pre_stop";
    readonly service: string;
  };
  readonly "hook.run": {
    readonly container: ContainerRef;
    readonly hook: Hook;
    readonly index: number;
    readonly service: Service;
  };
  readonly "provider.run": { readonly service: Service; readonly command: "up" | "down" | "stop" };
}

export type AwaitCondition = "running" | "healthy" | "running_or_healthy" | "completed";

export interface ContainerCreation {
  readonly service: Service;
  readonly image: string;
  readonly number: number;
  /** The name in the end; while `replaces` lives the container is created under a temporary name. */
  readonly name: string;
  readonly replaces?: ObservedContainer;
  /** Service names whose containers the spec refers to (`service:X`, volumes_from, links) → the container to use. */
  readonly references: ReadonlyMap<string, readonly ContainerRef[]>;
  /** Anonymous volumes of the old container that the new one keeps. */
  readonly inherits: readonly { readonly destination: string; readonly volume: string; readonly readOnly: boolean }[];
}

export type StepKind = keyof StepFields;

export type StepOf<K extends StepKind> = {
  readonly [P in K]: {
    readonly id: number;
    readonly kind: P;
    /** Earlier ids only: a plan is a topological order by construction. */
    readonly after: readonly number[];
    /** "container web-1", "network default": the row a person sees; several steps may share it. */
    readonly resource: string;
    /** "missing", "image changed", "environment.FOO changed", "web depends on it". */
    readonly cause: string;
  } & StepFields[P];
}[K];

export type Step = StepOf<StepKind>;

/** What a field was and what it becomes; values of secrets are never here, only that they differ. */
export interface FieldChange {
  readonly path: string;
  readonly before?: string;
  readonly after?: string;
}

export interface Plan {
  readonly steps: readonly Step[];
  /** Resources that need nothing, for "up to date" rows: "container web-1" → its state. */
  readonly unchanged: readonly { readonly resource: string; readonly status: string }[];
  /** Why containers are replaced, field by field: resource → changes. */
  readonly changes: ReadonlyMap<string, readonly FieldChange[]>;
  /** What needs a person's yes before the plan may run. */
  readonly confirmations: readonly Confirmation[];
  /** Said once, before anything is changed. */
  readonly warnings: readonly string[];
  /** Data that the plan destroys: named volumes that steps remove. */
  readonly losses: readonly string[];
}

export interface Confirmation {
  readonly kind: "volume.recreate" | "foreign.project" | "volumes.remove" | "containers.remove";
  readonly question: string;
  /** Ids of the steps that are left out when the answer is no; empty: nothing may run. */
  readonly steps: readonly number[];
}
