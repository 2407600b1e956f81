import type { DeviceRate, Service } from "../../model/project.ts";
import type { EngineJson } from "./json.ts";

/** What a container may use. The limits of `deploy` stand over the service's own. */
export function resources(service: Service): EngineJson {
  const { limits, reservations } = service.deploy?.resources ?? {};
  const cpus = limits?.cpus ?? service.cpus;
  const pids = limits?.pids ?? service.pids_limit;
  return {
    ...blockIo(service),
    CpuCount: service.cpu_count,
    CpuPercent: service.cpu_percent === undefined ? undefined : service.cpu_percent * 100,
    CpuPeriod: service.cpu_period,
    CpuQuota: service.cpu_quota,
    CpuRealtimePeriod: service.cpu_rt_period,
    CpuRealtimeRuntime: service.cpu_rt_runtime,
    CpuShares: service.cpu_shares,
    CpusetCpus: service.cpuset,
    NanoCpus: cpus === undefined ? undefined : nanoCpus(cpus),
    Memory: limits?.memory ?? service.mem_limit,
    MemoryReservation: reservations?.memory ?? service.mem_reservation,
    MemorySwap: service.memswap_limit,
    // Zero means "not set" in the file, and "never swap" to the engine.
    MemorySwappiness: service.mem_swappiness === 0 ? undefined : service.mem_swappiness,
    OomKillDisable: service.oom_kill_disable === true,
    OomScoreAdj: service.oom_score_adj,
    PidsLimit: pids === 0 ? undefined : pids,
    ShmSize: service.shm_size,
  };
}

/** The model's number is a 32-bit float, as in docker compose: 0.55 must become 550000000 and not 550000011. */
function nanoCpus(cpus: number): number {
  return Math.trunc(Number(Math.fround(cpus).toPrecision(7)) * 1e9);
}

function blockIo({ blkio_config: config }: Service): EngineJson {
  if (config === undefined) return {};
  return {
    BlkioWeight: config.weight,
    BlkioWeightDevice: config.weight_device?.map(({ path, weight }) => ({ Path: path, Weight: weight })),
    BlkioDeviceReadBps: rates(config.device_read_bps),
    BlkioDeviceReadIOps: rates(config.device_read_iops),
    BlkioDeviceWriteBps: rates(config.device_write_bps),
    BlkioDeviceWriteIOps: rates(config.device_write_iops),
  };
}

function rates(list: readonly DeviceRate[] | undefined): readonly EngineJson[] | undefined {
  return list?.map(({ path, rate }) => ({ Path: path, Rate: rate }));
}
