import type { ResourceUse } from "../engine.ts";

/** GET /containers/{id}/stats, as far as we read it; of a container that does not run, most is missing or zero. */
export interface RawStats {
  readonly cpu_stats?: RawCpu | null;
  readonly precpu_stats?: RawCpu | null;
  readonly memory_stats?: {
    readonly usage?: number;
    readonly limit?: number;
    readonly stats?: Readonly<Record<string, number>> | null;
  } | null;
  readonly networks?: Readonly<Record<string, { readonly rx_bytes: number; readonly tx_bytes: number }>> | null;
  readonly blkio_stats?: {
    readonly io_service_bytes_recursive?: readonly { readonly op: string; readonly value: number }[] | null;
  } | null;
  readonly pids_stats?: { readonly current?: number } | null;
}

interface RawCpu {
  readonly cpu_usage?: { readonly total_usage?: number; readonly percpu_usage?: readonly number[] | null } | null;
  readonly system_cpu_usage?: number;
  readonly online_cpus?: number;
}

/** By the docker CLI's rules, so that the numbers are the same. */
export function readStats(raw: RawStats): ResourceUse {
  const networks = Object.values(raw.networks ?? {});
  const blocks = raw.blkio_stats?.io_service_bytes_recursive ?? [];
  const blockBytes = (operation: string): number =>
    sum(blocks.filter(({ op }) => op.toLowerCase().startsWith(operation)).map(({ value }) => value));
  return {
    cpuPercent: cpuPercent(raw.precpu_stats ?? {}, raw.cpu_stats ?? {}),
    memoryBytes: usedMemory(raw.memory_stats ?? {}),
    memoryLimitBytes: raw.memory_stats?.limit ?? 0,
    receivedBytes: sum(networks.map(({ rx_bytes }) => rx_bytes)),
    sentBytes: sum(networks.map(({ tx_bytes }) => tx_bytes)),
    readBytes: blockBytes("r"),
    writtenBytes: blockBytes("w"),
    processes: raw.pids_stats?.current ?? 0,
  };
}

/** 100 is one processor in full. The first sample of a stream has none before it, and so says nothing yet. */
function cpuPercent(before: RawCpu, now: RawCpu): number {
  if (before.system_cpu_usage === undefined) return 0;
  const used = (now.cpu_usage?.total_usage ?? 0) - (before.cpu_usage?.total_usage ?? 0);
  const available = (now.system_cpu_usage ?? 0) - before.system_cpu_usage;
  const processors = now.online_cpus ?? now.cpu_usage?.percpu_usage?.length ?? 0;
  return available > 0 && used > 0 ? (used / available) * processors * 100 : 0;
}

/** What the kernel would give back at once, is not counted; it is called differently in the two versions of cgroups. */
function usedMemory({ usage = 0, stats }: NonNullable<RawStats["memory_stats"]>): number {
  const cache = stats?.["total_inactive_file"] ?? stats?.["inactive_file"] ?? 0;
  return cache < usage ? usage - cache : usage;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
