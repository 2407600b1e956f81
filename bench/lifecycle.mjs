// up, no-op up, health chain, --wait, ps, scale, down: whole commands side by side with docker compose on one engine.
//   node bench/lifecycle.mjs [--runs N] [--only WORD]
// Needs the image named by BENCH_IMAGE (default tscompose-test/busybox), which `npm test` makes.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { stringify } from "yaml";

import { expectSuccess, hasPeer, heading, median, ours, pairs, peakMegabytes, peer, row } from "./measure.mjs";

const { values } = parseArgs({
  options: { runs: { type: "string", default: "5" }, only: { type: "string", default: "" } },
});
const runs = Number(values.runs);
const image = process.env.BENCH_IMAGE ?? "tscompose-test/busybox";
const folder = mkdtempSync(join(tmpdir(), "tscompose-bench-"));
const withPeer = await hasPeer();

const plain = (count) => project(`b${count}`, Object.fromEntries(range(count).map((n) => [`s${n}`, service({})])));
const chain = (count) =>
  project(
    `c${count}`,
    Object.fromEntries(
      range(count).map((n) => [
        `s${n}`,
        service({
          healthcheck: { test: ["CMD", "true"], interval: "30s", start_period: "30s", start_interval: "50ms" },
          ...(n > 0 && { depends_on: { [`s${n - 1}`]: { condition: "service_healthy" } } }),
        }),
      ]),
    ),
  );

const scenarios = {
  "first up -d, 1": () => firstUp(plain(1)),
  "first up -d, 20": () => firstUp(plain(20)),
  "first up -d, 50": () => firstUp(plain(50), "≤ 1"),
  "no-op up -d, 20": () => onRunning(plain(20), ["up", "-d"], "≤ 1.1"),
  "no-op up -d, 200": () => onRunning(plain(200), ["up", "-d"], "≤ 1.1"),
  "no-op up -d --wait, 20": () => onRunning(plain(20), ["up", "-d", "--wait"], "≤ 0.4"),
  "health chain of 10, first": () => firstUp(chain(10), "≤ 0.4"),
  "health chain of 10, no-op": () => onRunning(chain(10), ["up", "-d"], "≤ 0.1"),
  "ps of 100": () => onRunning(plain(100), ["ps"], "≤ 0.9"),
  "scale to 20": () => scale(plain(1)),
  "down of 20": () => down(plain(20)),
};

heading("Lifecycle");
try {
  for (const [name, measure] of Object.entries(scenarios)) {
    if (!name.includes(values.only)) continue;
    const { goal, ...times } = await measure();
    row(name, times, goal);
  }
  if ("bare".includes(values.only)) await bareLimit(plain(50));
  if ("memory".includes(values.only)) await memory(plain(200));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function range(count) {
  return Array.from({ length: count }, (_, n) => n);
}

function service(more) {
  return { image, command: ["sleep", "100000"], init: true, stop_grace_period: "1s", ...more };
}

/** Written as people write it, a line for each value. */
function project(name, services) {
  const cwd = join(folder, name);
  mkdirSync(cwd, { recursive: true });
  writeFileSync(join(cwd, "compose.yaml"), stringify({ name: `tscbench${name}`, services }));
  return cwd;
}

async function firstUp(cwd, goal) {
  const once = (tool) => async () => {
    const seconds = await expectSuccess([...tool, "up", "-d"], { cwd });
    await expectSuccess([...ours, "down", "-t", "0"], { cwd });
    return seconds;
  };
  return { ...(await pairs({ mine: once(ours), theirs: withPeer ? once(peer) : undefined, runs })), goal };
}

async function onRunning(cwd, args, goal) {
  await expectSuccess([...ours, "up", "-d"], { cwd });
  try {
    const once = (tool) => () => expectSuccess([...tool, ...args], { cwd });
    return { ...(await pairs({ mine: once(ours), theirs: withPeer ? once(peer) : undefined, runs })), goal };
  } finally {
    await expectSuccess([...ours, "down", "-t", "0"], { cwd });
  }
}

async function scale(cwd) {
  const once = (tool) => async () => {
    await expectSuccess([...ours, "up", "-d"], { cwd });
    const seconds = await expectSuccess([...tool, "scale", "s0=20"], { cwd });
    await expectSuccess([...ours, "down", "-t", "0"], { cwd });
    return seconds;
  };
  return pairs({ mine: once(ours), theirs: withPeer ? once(peer) : undefined, runs });
}

async function down(cwd) {
  const once = (tool) => async () => {
    await expectSuccess([...ours, "up", "-d"], { cwd });
    return expectSuccess([...tool, "down"], { cwd });
  };
  return pairs({ mine: once(ours), theirs: withPeer ? once(peer) : undefined, runs });
}

/** The engine's own limit: the same creates and starts from a bare script, 8 at a time. */
async function bareLimit(cwd) {
  const seconds = [];
  const mine = [];
  for (let round = 0; round < runs; round++) {
    seconds.push(await bareUp(50, 8));
    mine.push(await expectSuccess([...ours, "up", "-d"], { cwd }));
    await expectSuccess([...ours, "down", "-t", "0"], { cwd });
  }
  console.log(
    `\nfirst up of 50: ${median(mine).toFixed(3)} s; the engine's own limit (bare calls, 8 at a time): ${median(seconds).toFixed(3)} s`,
  );
}

async function bareUp(count, width) {
  const start = performance.now();
  const network = await call("POST", "/networks/create", { Name: "tscbench-bare" });
  const ids = await inTurn(range(count), width, async (n) => {
    const body = { Image: image, Cmd: ["sleep", "100000"], HostConfig: { Init: true, NetworkMode: "tscbench-bare" } };
    return (await call("POST", `/containers/create?name=tscbench-bare-${n}`, body)).Id;
  });
  await inTurn(ids, width, (id) => call("POST", `/containers/${id}/start`));
  const seconds = (performance.now() - start) / 1000;
  await inTurn(ids, width, (id) => call("DELETE", `/containers/${id}?force=1`));
  await call("DELETE", `/networks/${network.Id}`);
  return seconds;
}

async function inTurn(items, width, work) {
  const results = [];
  const queue = [...items.entries()];
  await Promise.all(
    range(width).map(async () => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) results[next[0]] = await work(next[1]);
    }),
  );
  return results;
}

function call(method, path, body) {
  return new Promise((settle, fail) => {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    const headers =
      payload === undefined ? {} : { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(payload) };
    const request = http.request({ socketPath: "/var/run/docker.sock", method, path, headers }, (response) => {
      let text = "";
      response.on("data", (bytes) => (text += bytes));
      response.on("end", () =>
        response.statusCode < 400
          ? settle(text === "" ? {} : JSON.parse(text))
          : fail(new Error(`${method} ${path}: ${text}`)),
      );
    });
    request.on("error", fail);
    request.end(payload);
  });
}

async function memory(cwd) {
  const first = await peakMegabytes(["up", "-d"], { cwd });
  const again = await peakMegabytes(["up", "-d"], { cwd });
  await expectSuccess([...ours, "down", "-t", "0"], { cwd });
  console.log(
    `peak memory of 200 services: first up ${first.megabytes.toFixed(0)} MB, no-op ${again.megabytes.toFixed(0)} MB (goal ≤ 100)`,
  );
}
