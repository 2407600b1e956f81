import { humanSize } from "./human.ts";
import type { Listing } from "./list-format.ts";

/** What `stats --format` can name, in the order of the docker CLI's JSON. */
export interface StatsRow {
  readonly BlockIO: string;
  readonly CPUPerc: string;
  readonly Container: string;
  readonly ID: string;
  readonly MemPerc: string;
  readonly MemUsage: string;
  readonly Name: string;
  readonly NetIO: string;
  readonly PIDs: string;
}

interface Measured {
  readonly container: { readonly id: string; readonly name: string };
  readonly use:
    | {
        readonly cpuPercent: number;
        readonly memoryBytes: number;
        readonly memoryLimitBytes: number;
        readonly receivedBytes: number;
        readonly sentBytes: number;
        readonly readBytes: number;
        readonly writtenBytes: number;
        readonly processes: number;
      }
    | undefined;
}

export function statsRow({ container, use }: Measured, { whole }: { readonly whole: boolean }): StatsRow {
  const pair = (one: string, other: string): string => `${one} / ${other}`;
  const shown = use !== undefined;
  const limit = use?.memoryLimitBytes ?? 0;
  return {
    BlockIO: shown ? pair(humanSize(use.readBytes), humanSize(use.writtenBytes)) : "--",
    CPUPerc: shown ? percent(use.cpuPercent) : "--",
    Container: container.id,
    ID: whole ? container.id : container.id.slice(0, 12),
    MemPerc: shown ? percent(limit === 0 ? 0 : (use.memoryBytes / limit) * 100) : "--",
    MemUsage: shown ? pair(binarySize(use.memoryBytes), binarySize(limit)) : "-- / --",
    Name: container.name,
    NetIO: shown ? pair(humanSize(use.receivedBytes), humanSize(use.sentBytes)) : "--",
    PIDs: shown ? String(use.processes) : "--",
  };
}

export const statsListing: Listing<StatsRow> = {
  headers: {
    ID: "CONTAINER ID",
    CPUPerc: "CPU %",
    MemUsage: "MEM USAGE / LIMIT",
    MemPerc: "MEM %",
    NetIO: "NET I/O",
    BlockIO: "BLOCK I/O",
    PIDs: "PIDS",
  },
  table: ["ID", "Name", "CPUPerc", "MemUsage", "MemPerc", "NetIO", "BlockIO", "PIDs"],
  minWidth: 10,
};

function percent(value: number): string {
  return `${value.toFixed(2)}%`;
}

const units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

/** 339968 → "332KiB": powers of 1024 and four digits. */
function binarySize(bytes: number): string {
  let rest = bytes;
  let unit = 0;
  while (rest >= 1024 && unit < units.length - 1) {
    rest /= 1024;
    unit += 1;
  }
  return `${Number(rest.toPrecision(4))}${units[unit] ?? ""}`;
}
