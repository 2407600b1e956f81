import type { ObservedContainer } from "../model/observed.ts";
import { goTime } from "./go-time.ts";
import { ellipsis, humanDuration } from "./human.ts";
import type { Listing } from "./list-format.ts";
import { formatPorts } from "./ports.ts";

/** What `ps --format` can name, in the order in which docker compose's JSON has it. */
export interface ContainerRow {
  readonly Command: string;
  readonly CreatedAt: string;
  readonly ExitCode: number;
  readonly Health: string;
  readonly ID: string;
  readonly Image: string;
  readonly Labels: string;
  readonly LocalVolumes: string;
  readonly Mounts: string;
  readonly Name: string;
  readonly Names: string;
  readonly Networks: string;
  readonly Ports: string;
  readonly Project: string;
  readonly Publishers: readonly Publisher[];
  readonly RunningFor: string;
  readonly Service: string;
  readonly Size: string;
  readonly State: string;
  readonly Status: string;
  readonly Label: (name: unknown) => string;
}

interface Publisher {
  readonly URL: string;
  readonly TargetPort: number;
  readonly PublishedPort: number;
  readonly Protocol: string;
}

export interface RowOptions {
  readonly now: number;
  /** Long ids, whole commands. */
  readonly whole: boolean;
}

export function containerRow(container: ObservedContainer, { now, whole }: RowOptions): ContainerRow {
  const cut = (text: string, length: number): string => (whole ? text : ellipsis(text, length));
  return {
    Command: JSON.stringify(cut(container.command, 20)),
    CreatedAt: goTime(container.createdAt),
    ExitCode: container.exitCode ?? 0,
    Health: container.health === "none" ? "" : container.health,
    ID: whole ? container.id : container.id.slice(0, 12),
    Image: container.image,
    Labels: joinLabels(container.labels),
    LocalVolumes: String(container.mounts.filter(({ type }) => type === "volume").length),
    Mounts: container.mounts.map(({ name, source }) => cut(name ?? source, 15)).join(","),
    Name: container.name,
    Names: container.name,
    Networks: [...container.networks.keys()].toSorted().join(","),
    Ports: formatPorts(container.ports),
    Project: container.project,
    Publishers: container.ports.map(({ hostIp = "", target, published = 0, protocol }) => ({
      URL: hostIp,
      TargetPort: target,
      PublishedPort: published,
      Protocol: protocol,
    })),
    RunningFor: `${humanDuration(now - container.createdAt)} ago`,
    Service: container.service,
    Size: "0B",
    State: container.state,
    Status: container.status,
    Label: (name) => container.labels.get(String(name)) ?? "",
  };
}

export const containerListing: Listing<ContainerRow> = {
  headers: {
    ID: "CONTAINER ID",
    CreatedAt: "CREATED AT",
    RunningFor: "CREATED",
    ExitCode: "EXIT CODE",
    LocalVolumes: "LOCAL VOLUMES",
  },
  table: ["Name", "Image", "Command", "Service", "RunningFor", "Status", "Ports"],
  minWidth: 10,
};

/** "a=1,b=2", by name. */
export function joinLabels(labels: ReadonlyMap<string, string>): string {
  return [...labels]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}
