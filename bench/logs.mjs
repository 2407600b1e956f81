// `logs` of half a million lines side by side with docker compose, and how much memory an endless log takes.
//   node bench/logs.mjs [--runs N] [--lines N] [--memory N]
// Needs the image named by BENCH_IMAGE (default tscompose-test/busybox), which `npm test` makes.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { stringify } from "yaml";

import { expectSuccess, hasPeer, heading, ours, pairs, peakMegabytes, peer, row, run } from "./measure.mjs";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "5" },
    lines: { type: "string", default: "500000" },
    memory: { type: "string", default: "10000000" },
  },
});
const runs = Number(values.runs);
const image = process.env.BENCH_IMAGE ?? "tscompose-test/busybox";
const folder = mkdtempSync(join(tmpdir(), "tscompose-bench-"));
const withPeer = await hasPeer();

try {
  heading(`Logs of ${values.lines} lines`);
  await onLogs(Number(values.lines), 4, async (cwd) => {
    for (const flags of [[], ["--timestamps"], ["--no-log-prefix", "--no-color"], ["--tail", "1000"]]) {
      const once = (tool) => () => expectSuccess([...tool, "logs", ...flags], { cwd });
      const times = await pairs({ mine: once(ours), theirs: withPeer ? once(peer) : undefined, runs });
      row(`logs ${flags.join(" ")}`, times, flags[0] === "--tail" ? undefined : "≤ 1");
    }
  });
  const lines = Number(values.memory);
  if (lines > 0) await onLogs(lines, 4, memory);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Containers that have said so many lines together, and ended. */
async function onLogs(lines, services, measure) {
  const cwd = join(folder, `l${lines}`);
  mkdirSync(cwd, { recursive: true });
  const says = `yes "a line of a log, about as long as they are: GET /index.html 200" | head -n ${lines / services}`;
  const each = Array.from({ length: services }, (_, n) => [`s${n}`, { image, command: ["sh", "-c", says] }]);
  writeFileSync(
    join(cwd, "compose.yaml"),
    stringify({ name: `tscbenchlogs${lines}`, services: Object.fromEntries(each) }),
  );
  await expectSuccess([...ours, "up", "-d"], { cwd });
  try {
    // Who has ended already is nobody to wait for, which `wait` calls an error.
    for (const [name] of each) await run([...ours, "wait", name], { cwd });
    await measure(cwd);
  } finally {
    await expectSuccess([...ours, "down", "-t", "0"], { cwd });
  }
}

async function memory(cwd) {
  const few = await peakMegabytes(["logs", "--tail", "1000"], { cwd });
  const all = await peakMegabytes(["logs"], { cwd });
  console.log(
    `\npeak memory: ${few.megabytes.toFixed(0)} MB for 4,000 lines, ${all.megabytes.toFixed(0)} MB for ${values.memory}` +
      ` (${all.seconds.toFixed(1)} s)`,
  );
}
