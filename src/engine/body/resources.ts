import type { DeviceRate, Service, Ulimit } from "../../model/project.ts";
import type { Body } from "./container.ts";

/** What a container may use. The limits of `deploy` stand over the service's own. */
export function resourceFields(service: Service): Body {
  const { limits, reservations } = service.deploy?.resources ?? {};
  const cpus = limits?.cpus ?? service.cpus;
  return {
    NanoCpus: cpus === undefined ? undefined : nanoCpus(cpus),
    Memory: limits?.memory ?? service.mem_limit,
    PidsLimit: unlessZero(limits?.pids ?? service.pids_limit),
    MemoryReservation: reservations?.memory ?? service.mem_reservation,
    MemorySwap: service.memswap_limit,
    // Zero means "not set" in the file, and "never swap" to the engine.
    MemorySwappiness: unlessZero(service.mem_swappiness),
    CpuCount: service.cpu_count,
    // The engine counts hundredths of a percent.
    CpuPercent: service.cpu_percent === undefined ? undefined : Math.trunc(service.cpu_percent * 100),
    CpuPeriod: service.cpu_period,
    CpuQuota: service.cpu_quota,
    CpuRealtimePeriod: service.cpu_rt_period,
    CpuRealtimeRuntime: service.cpu_rt_runtime,
    CpuShares: service.cpu_shares,
    CpusetCpus: service.cpuset,
    OomKillDisable: service.oom_kill_disable === true,
    OomScoreAdj: service.oom_score_adj,
    ShmSize: service.shm_size,
    Ulimits: service.ulimits === undefined ? undefined : [...service.ulimits].map(ulimit),
    ...blockIo(service),
  };
}

/** The model's number is a 32-bit float, as in docker compose: 0.55 must become 550000000 and not 550000011. */
function nanoCpus(cpus: number): number {
  return Math.trunc(Number(Math.fround(cpus).toPrecision(7)) * 1e9);
}

function unlessZero(value: number | undefined): number | undefined {
  return value === 0 ? undefined : value;
}

function ulimit([name, limit]: readonly [string, Ulimit]): Body {
  return typeof limit === "number"
    ? { Name: name, Soft: limit, Hard: limit }
    : { Name: name, Soft: limit.soft, Hard: limit.hard };
}

function blockIo({ blkio_config: config }: Service): Body {
  return {
    BlkioWeight: config?.weight,
    BlkioWeightDevice: config?.weight_device?.map(({ path, weight }) => ({ Path: path, Weight: weight })),
    BlkioDeviceReadBps: config?.device_read_bps?.map(rateBody),
    BlkioDeviceReadIOps: config?.device_read_iops?.map(rateBody),
    BlkioDeviceWriteBps: config?.device_write_bps?.map(rateBody),
    BlkioDeviceWriteIOps: config?.device_write_iops?.map(rateBody),
  };
}

function rateBody({ path, rate }: DeviceRate): Body {
  return { Path: path, Rate: rate };
}
