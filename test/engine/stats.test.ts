// The numbers of `stats` are the docker CLI's, whatever the kernel's version of cgroups.
import { expect, test } from "vitest";

import { readStats } from "../../src/engine/read/stats.ts";
import { statsRow } from "../../src/render/stats-rows.ts";

const cpu = (total: number, system: number): object => ({
  cpu_usage: { total_usage: total },
  system_cpu_usage: system,
  online_cpus: 4,
});

test("a busy container", () => {
  const use = readStats({
    precpu_stats: cpu(1_000, 10_000),
    cpu_stats: cpu(1_500, 12_000),
    memory_stats: { usage: 200 * 1024 ** 2, limit: 1024 ** 3, stats: { inactive_file: 50 * 1024 ** 2 } },
    networks: { eth0: { rx_bytes: 1_500, tx_bytes: 100 }, eth1: { rx_bytes: 500, tx_bytes: 26 } },
    blkio_stats: {
      io_service_bytes_recursive: [
        { op: "Read", value: 4_000_000 },
        { op: "write", value: 12_345 },
        { op: "Total", value: 1 },
      ],
    },
    pids_stats: { current: 7 },
  });
  const container = { id: "0123456789abcdef", name: "p-web-1" };
  expect(statsRow({ container, use }, { whole: false })).toEqual({
    BlockIO: "4MB / 12.3kB",
    CPUPerc: "100.00%",
    Container: "0123456789abcdef",
    ID: "0123456789ab",
    MemPerc: "14.65%",
    MemUsage: "150MiB / 1GiB",
    Name: "p-web-1",
    NetIO: "2kB / 126B",
    PIDs: "7",
  });
});

test("memory that the kernel would give back is not counted; cgroups 1 call it otherwise", () => {
  const memory = (stats: Record<string, number>): number =>
    readStats({ memory_stats: { usage: 100, limit: 1, stats } }).memoryBytes;
  expect(memory({ inactive_file: 30 })).toBe(70);
  expect(memory({ total_inactive_file: 40, inactive_file: 30 })).toBe(60);
  expect(memory({ inactive_file: 100 })).toBe(100);
});

test("one that does not run takes nothing; of one that we know nothing of, nothing is claimed", () => {
  const container = { id: "0123456789abcdef", name: "p-web-1" };
  const empty = readStats({ cpu_stats: {}, precpu_stats: {}, memory_stats: {}, networks: null, pids_stats: {} });
  const { CPUPerc, MemUsage, PIDs } = statsRow({ container, use: empty }, { whole: true });
  expect([CPUPerc, MemUsage, PIDs]).toEqual(["0.00%", "0B / 0B", "0"]);
  const unknown = statsRow({ container, use: undefined }, { whole: true });
  expect([unknown.CPUPerc, unknown.MemUsage, unknown.PIDs]).toEqual(["--", "-- / --", "--"]);
});

test("the first sample of a stream has none before it to compare with", () => {
  expect(readStats({ precpu_stats: { cpu_usage: { total_usage: 0 } }, cpu_stats: cpu(500, 2000) }).cpuPercent).toBe(0);
});
