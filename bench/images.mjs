// A build that has nothing to do, with a context of 500 MB, and pulls from a registry on this machine, side by side with
// docker compose.
//   node bench/images.mjs [--runs N] [--megabytes N]
// Needs the image named by BENCH_IMAGE (default tscompose-test/busybox), which `npm test` makes, and for the pulls
// Debian's docker-registry.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

import { stringify } from "yaml";

import { expectSuccess, hasPeer, heading, ours, pairs, peakMegabytes, peer, row } from "./measure.mjs";

const { values } = parseArgs({
  options: { runs: { type: "string", default: "5" }, megabytes: { type: "string", default: "500" } },
});
const runs = Number(values.runs);
const image = process.env.BENCH_IMAGE ?? "tscompose-test/busybox";
const folder = mkdtempSync(join(tmpdir(), "tscompose-bench-"));
const withPeer = await hasPeer();
const registry = "/usr/bin/docker-registry";

heading("Images");
try {
  await rebuilds();
  if (existsSync(registry)) await pulls();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function rebuilds() {
  const cwd = join(folder, "build");
  const context = join(cwd, "context");
  mkdirSync(join(context, "small"), { recursive: true });
  for (let n = 0; n < 5; n++) {
    writeFileSync(join(context, `large-${n}`), randomBytes((Number(values.megabytes) * 1024 * 1024) / 5));
  }
  for (let n = 0; n < 3000; n++) writeFileSync(join(context, "small", `${n}.js`), `export const n = ${n};\n`);
  writeFileSync(join(context, "Dockerfile"), `FROM ${image}\nCOPY . /all\n`);
  const services = { web: { build: "./context" } };
  writeFileSync(join(cwd, "compose.yaml"), stringify({ name: "tscbenchbuild", services }));
  const first = await peakMegabytes(["build"], { cwd });
  const build = (tool) => () => expectSuccess([...tool, "build"], { cwd });
  if (withPeer) await build(peer)();
  const times = await pairs({ mine: build(ours), theirs: withPeer ? build(peer) : undefined, runs });
  row(`build, nothing changed, ${values.megabytes} MB`, times, "≤ 1");
  const again = await peakMegabytes(["build"], { cwd });
  await engine("DELETE", "/images/tscbenchbuild-web?force=1");
  const [sent, unchanged] = [first, again].map((done) => done.megabytes.toFixed(0));
  console.log(`| peak memory: ${sent} MB while all is sent, ${unchanged} MB when nothing is (goal ≤ 150) | | | | |`);
}

async function pulls() {
  const port = 5000 + (process.pid % 1000);
  const config = join(folder, "registry.yml");
  writeFileSync(
    config,
    stringify({
      version: 0.1,
      storage: { filesystem: { rootdirectory: join(folder, "registry") } },
      http: { addr: `127.0.0.1:${port}` },
    }),
  );
  const server = spawn(registry, ["serve", config], { stdio: "ignore" });
  try {
    await sleep(1000);
    const cwd = join(folder, "pull");
    const names = Array.from({ length: 6 }, (_, n) => `127.0.0.1:${port}/bench${n}:1`);
    await publish(cwd, names);
    const pull = (tool) => async () => {
      for (const name of names) await engine("DELETE", `/images/${name}?force=1`);
      return expectSuccess([...tool, "pull"], { cwd });
    };
    const times = await pairs({ mine: pull(ours), theirs: withPeer ? pull(peer) : undefined, runs });
    row("pull of 6 images of 20 MB", times, "≤ 1");
    for (const name of names) await engine("DELETE", `/images/${name}?force=1`);
  } finally {
    server.kill();
    await once(server, "exit");
  }
}

/** Images that share nothing but their base. */
async function publish(cwd, names) {
  const services = {};
  for (const [n, name] of names.entries()) {
    const context = join(cwd, `image${n}`);
    mkdirSync(context, { recursive: true });
    writeFileSync(join(context, "data"), randomBytes(20 * 1024 * 1024));
    writeFileSync(join(context, "Dockerfile"), `FROM ${image}\nCOPY data /data\n`);
    services[`s${n}`] = { image: name, build: `./image${n}` };
  }
  writeFileSync(join(cwd, "compose.yaml"), stringify({ name: "tscbenchpull", services }));
  await expectSuccess([...ours, "build", "--push"], { cwd });
  const pulled = Object.entries(services).map(([name, service]) => [name, { image: service.image }]);
  writeFileSync(join(cwd, "compose.yaml"), stringify({ name: "tscbenchpull", services: Object.fromEntries(pulled) }));
}

function engine(method, path) {
  return new Promise((settle, fail) => {
    const request = http.request({ socketPath: "/var/run/docker.sock", method, path }, (answer) => {
      answer.resume().on("end", settle);
    });
    request.on("error", fail).end();
  });
}
