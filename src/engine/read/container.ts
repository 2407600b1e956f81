import { composeLabels } from "../../model/labels.ts";
import type {
  ContainerState,
  Health,
  ObservedContainer,
  ObservedEndpoint,
  ObservedMount,
  ObservedPort,
} from "../../model/observed.ts";
import type { ContainerDetails } from "../engine.ts";

/** An entry of GET /containers/json; the engine leaves out, or sends as null, what is empty. */
export interface ListedContainer {
  readonly Id: string;
  readonly Names: readonly string[] | null;
  readonly Image: string;
  readonly ImageID: string;
  readonly Command: string;
  readonly Created: number;
  readonly State: string;
  readonly Status: string;
  readonly Labels: Readonly<Record<string, string>> | null;
  readonly Ports: readonly ListedPort[] | null;
  readonly Mounts?: readonly ListedMount[] | null;
  readonly NetworkSettings?: {
    readonly Networks?: Readonly<Record<string, ListedEndpoint>> | null;
  };
}

interface ListedEndpoint {
  readonly NetworkID: string;
  readonly IPAddress: string;
  readonly GlobalIPv6Address?: string;
}

interface ListedPort {
  readonly IP?: string;
  readonly PrivatePort: number;
  readonly PublicPort?: number;
  readonly Type: string;
}

interface ListedMount {
  readonly Type: string;
  readonly Name?: string;
  readonly Source: string;
  readonly Destination: string;
  readonly RW: boolean;
}

export function readListed(raw: ListedContainer): ObservedContainer {
  const labels = new Map(Object.entries(raw.Labels ?? {}));
  const number = Number(labels.get(composeLabels.containerNumber));
  const exitCode = /^(?:Exited|Restarting) \((\d+)\)/.exec(raw.Status)?.[1];
  return {
    id: raw.Id,
    name: ownName(raw.Names ?? []),
    project: labels.get(composeLabels.project) ?? "",
    service: labels.get(composeLabels.service) ?? "",
    ...(Number.isInteger(number) && number > 0 && { number }),
    oneOff: labels.get(composeLabels.oneOff) === "True",
    state: stateOf(raw.State),
    health: healthOf(raw.Status),
    ...(exitCode !== undefined && stateOf(raw.State) === "exited" && { exitCode: Number(exitCode) }),
    status: raw.Status,
    image: raw.Image,
    imageId: raw.ImageID,
    command: raw.Command,
    createdAt: raw.Created * 1000,
    labels,
    ports: (raw.Ports ?? []).map(readPort).sort((a, b) => a.target - b.target),
    mounts: (raw.Mounts ?? []).map(readMount),
    networks: new Map(Object.entries(raw.NetworkSettings?.Networks ?? {}).map(readEndpoint)),
  };
}

/** Links of legacy networks add names like "/other/alias"; the container's own has one "/". */
function ownName(names: readonly string[]): string {
  const own = names.find((name) => name.lastIndexOf("/") === 0) ?? names[0] ?? "";
  return own.replace(/^\//, "");
}

function stateOf(state: string): ContainerState {
  return states.find((each) => each === state) ?? podmanStates[state] ?? "dead";
}

/** Podman's own words, which it lets through. */
const podmanStates: Readonly<Record<string, ContainerState>> = {
  configured: "created",
  initialized: "created",
  stopping: "running",
  stopped: "exited",
};

const states: readonly ContainerState[] = ["created", "running", "paused", "restarting", "removing", "exited", "dead"];

/** "Up 5 minutes (healthy)", "Up 2 seconds (health: starting)": the list says it only here. */
function healthOf(status: string): Health {
  if (status.endsWith("(healthy)")) return "healthy";
  if (status.endsWith("(unhealthy)")) return "unhealthy";
  return status.endsWith("(health: starting)") ? "starting" : "none";
}

function readPort(raw: ListedPort): ObservedPort {
  return {
    target: raw.PrivatePort,
    protocol: raw.Type,
    ...hostIp(raw),
    ...(raw.PublicPort !== undefined && { published: raw.PublicPort }),
  };
}

/** Podman does not say of a published port that it is published everywhere. */
function hostIp({ IP = "", PublicPort }: ListedPort): { readonly hostIp?: string } {
  if (IP !== "") return { hostIp: IP };
  return PublicPort === undefined ? {} : { hostIp: "0.0.0.0" };
}

function readMount(raw: ListedMount): ObservedMount {
  return {
    type: raw.Type,
    ...(raw.Name !== undefined && raw.Name !== "" && { name: raw.Name }),
    source: raw.Source,
    destination: raw.Destination,
    writable: raw.RW,
  };
}

function readEndpoint([name, raw]: [string, ListedEndpoint]): [string, ObservedEndpoint] {
  // Podman puts the network's name there, which says nothing about whether it is still the same network.
  const networkId = raw.NetworkID === name ? "" : raw.NetworkID;
  const { IPAddress: address, GlobalIPv6Address: ipv6Address = "" } = raw;
  return [name, { networkId, ...(address !== "" && { address }), ...(ipv6Address !== "" && { ipv6Address }) }];
}

/** GET /containers/{id}/json, as far as we read it. */
export interface InspectedContainer {
  readonly Id: string;
  readonly Name: string;
  readonly RestartCount: number;
  readonly Image: string;
  readonly State: {
    readonly Status: string;
    readonly ExitCode: number;
    readonly OOMKilled: boolean;
    readonly Error: string;
    readonly StartedAt: string;
    readonly FinishedAt: string;
    readonly Health?: {
      readonly Status: string;
      readonly Log?: readonly { readonly Start?: string; readonly ExitCode: number; readonly Output: string }[] | null;
    } | null;
  };
  readonly Config: {
    readonly Tty: boolean;
    readonly OpenStdin: boolean;
    readonly StopTimeout?: number | null;
    readonly Env?: readonly string[] | null;
    readonly Labels?: Readonly<Record<string, string>> | null;
    readonly Healthcheck?: { readonly Test?: readonly string[] | null; readonly Interval?: number } | null;
  };
}

export function readInspected(raw: InspectedContainer): ContainerDetails {
  const { State: state, Config: config } = raw;
  const health = state.Health?.Status;
  return {
    id: raw.Id,
    name: raw.Name.replace(/^\//, ""),
    state: stateOf(state.Status),
    exitCode: state.ExitCode,
    outOfMemory: state.OOMKilled,
    error: state.Error,
    health: health === "starting" || health === "healthy" || health === "unhealthy" ? health : "none",
    probes: (state.Health?.Log ?? []).map((probe) => ({ exitCode: probe.ExitCode, output: probe.Output })),
    startedAt: state.StartedAt,
    finishedAt: state.FinishedAt,
    tty: config.Tty,
    openStdin: config.OpenStdin,
    restartCount: raw.RestartCount,
    imageId: raw.Image,
    labels: new Map(Object.entries(config.Labels ?? {})),
    environment: config.Env ?? [],
    healthcheckTest: config.Healthcheck?.Test ?? [],
    ...(typeof config.StopTimeout === "number" && { stopTimeoutSeconds: config.StopTimeout }),
    raw,
  };
}
