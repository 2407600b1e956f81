import type { Diagnostic } from "./diagnostic.ts";
import type { FieldChange, ObservedContainer } from "./observed.ts";
import type { Build, Hook, Model, Network, Service, Volume } from "./project.ts";

export type { FieldChange } from "./observed.ts";

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
    /** Failing is a warning. */
    readonly optional: boolean;
  };
  readonly "image.build": {
    readonly service: Service;
    readonly build: Build;
    readonly image: string;
    /** What its commands may use; the classic builder only. */
    readonly memoryBytes?: number;
  };
  readonly "image.push": { readonly image: string; readonly optional: boolean };
  readonly "image.remove": { readonly image: string };
  readonly "network.create": { readonly network: Network };
  readonly "network.remove": { readonly name: string; readonly networkId: string; readonly inUse: WhenInUse };
  /** `network` is the key in the project; `service` says which aliases and addresses the container has there. */
  readonly "network.connect": { readonly network: string; readonly container: ContainerRef; readonly service: Service };
  readonly "network.disconnect": { readonly network: string; readonly container: ContainerRef };
  readonly "volume.create": { readonly volume: Volume };
  readonly "volume.remove": { readonly name: string; readonly inUse: WhenInUse };
  readonly "container.create": ContainerCreation;
  readonly "container.files": { readonly container: ContainerRef; readonly service: Service };
  readonly "container.start": { readonly container: ContainerRef };
  readonly "container.await": {
    readonly container: ContainerRef;
    readonly until: AwaitCondition;
    /** Counted from the beginning of the plan's execution. */
    readonly timeoutMs?: number;
    /** Failing, here or in an earlier step, is a warning, and what comes after it goes on. */
    readonly optional: boolean;
  };
  readonly "container.stop": {
    readonly container: ContainerRef;
    /** Absent: the container's own grace period. */
    readonly timeoutSeconds?: number;
  };
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
  readonly "model.prepare": { readonly model: Model };
  readonly "provider.run": { readonly service: Service; readonly command: "up" | "down" | "stop" };
}

/** Something that others still use stays: that is a failure when it has to make room, else only worth a word. */
export type WhenInUse = "fail" | "warn";

export type AwaitCondition = "running" | "healthy" | "running_or_healthy" | "completed";

export interface ContainerCreation {
  readonly service: Service;
  readonly image: string;
  /** Known while planning, unless an earlier step of the plan brings the image. */
  readonly imageId?: string;
  /** Absent on a one-off. */
  readonly number?: number;
  /** What `run` makes, for one command. */
  readonly oneOff?: OneOffContainer;
  /** The name in the end; while `replaces` lives the container is created under a temporary name. */
  readonly name: string;
  readonly replaces?: ObservedContainer;
  /** Service names whose containers the spec refers to (`service:X`, volumes_from, links) → the containers to use. */
  readonly references: ReadonlyMap<string, readonly ContainerRef[]>;
  /** Anonymous volumes of the old container that the new one keeps. */
  readonly inherits: readonly InheritedVolume[];
}

export interface OneOffContainer {
  /** 64 hex digits that no other has. */
  readonly slug: string;
  readonly interactive: boolean;
  /** Gone as soon as its command has ended. */
  readonly autoRemove: boolean;
  /** It answers for its service. */
  readonly useAliases: boolean;
  /** Of the terminal that it is to have. */
  readonly size?: { readonly rows: number; readonly columns: number } | undefined;
}

export interface InheritedVolume {
  readonly destination: string;
  readonly volume: string;
  readonly readOnly: boolean;
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

export interface Plan {
  readonly steps: readonly Step[];
  /** Resources that need nothing, for "up to date" rows: "container web-1" → its state. */
  readonly unchanged: readonly { readonly resource: string; readonly status: string }[];
  /** Why containers are replaced, field by field: resource → changes. */
  readonly changes: ReadonlyMap<string, readonly FieldChange[]>;
  /** What needs a person's yes. */
  readonly confirmations: readonly Confirmation[];
  /** Why the plan cannot work; with any of these nothing is executed. */
  readonly problems: readonly Diagnostic[];
  /** Said once, before anything is changed. */
  readonly warnings: readonly string[];
  /** Data that the plan destroys: named volumes that steps remove. */
  readonly losses: readonly string[];
}

export const emptyPlan: Plan = {
  steps: [],
  unchanged: [],
  changes: new Map(),
  confirmations: [],
  problems: [],
  warnings: [],
  losses: [],
};

export interface Confirmation {
  /** "volume.recreate data": handed back to the planner in `confirmed` when the answer is yes. */
  readonly key: string;
  readonly kind: "volume.recreate" | "foreign.project" | "containers.remove" | "publish";
  readonly question: string;
  /** With a no nothing runs; otherwise a no means the plan as it is, which leaves the thing out. */
  readonly blocking: boolean;
}
