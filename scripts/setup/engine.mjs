// Finds an engine that answers, in the order in which docker's own tools look; where there is none, has one installed.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { call, isPlain } from "./engine-api.mjs";
import { enterDockerGroup, installEngine } from "./engine-install.mjs";
import { say, StepFailure } from "./say.mjs";

export async function provideEngine() {
  const found = await findEngine();
  if (found.kind === "found") return found;
  if (found.kind === "named") {
    const problem = `${found.by} names ${found.host}, and nothing answers there`;
    throw new StepFailure("engine", problem, `start that engine, or unset ${found.by} to use this machine's`);
  }
  if (found.kind === "denied") {
    enterDockerGroup();
    const remedy = 'join the group that may use it ("sudo usermod -aG docker $USER", then log in again)';
    throw new StepFailure("engine", `you may not use ${found.host}`, remedy);
  }
  say("no container engine answers here");
  await installEngine(async () => (await findEngine()).kind !== "none");
  return provideEngine();
}

export async function findEngine() {
  const named = namedEngine();
  if (named)
    return (await answer(named)) === "yes" ? { kind: "found", usual: true, ...named } : { kind: "named", ...named };
  let denied;
  for (const candidate of usualSockets()) {
    const answered = await answer(candidate);
    if (answered === "yes") return { kind: "found", ...candidate };
    if (answered === "denied") denied ??= candidate;
  }
  return denied ? { kind: "denied", ...denied } : { kind: "none" };
}

/** What the user chose wins, and nothing else is tried then. */
function namedEngine() {
  if (process.env.DOCKER_HOST) return { host: process.env.DOCKER_HOST, by: "DOCKER_HOST" };
  const folder = process.env.DOCKER_CONFIG ?? path.join(os.homedir(), ".docker");
  const context = process.env.DOCKER_CONTEXT ?? readJson(path.join(folder, "config.json"))?.currentContext;
  if (!context || context === "default") return undefined;
  const id = createHash("sha256").update(context).digest("hex");
  const host = readJson(path.join(folder, "contexts/meta", id, "meta.json"))?.Endpoints?.docker?.Host;
  return host && { host, by: `the docker context "${context}"` };
}

function usualSockets() {
  const own = [
    process.env.XDG_RUNTIME_DIR && path.join(process.env.XDG_RUNTIME_DIR, "docker.sock"),
    path.join(os.homedir(), ".docker/run/docker.sock"),
    path.join(os.homedir(), ".docker/desktop/docker.sock"),
  ].filter(Boolean);
  return [
    { host: "unix:///var/run/docker.sock", usual: true },
    ...own.map((socket) => ({ host: `unix://${socket}`, usual: false })),
  ];
}

async function answer({ host }) {
  if (!isPlain(host)) return "yes"; // ssh or TLS: the CLI will say if it cannot
  try {
    const { status } = await call(host, "GET", "/_ping", { timeoutMs: 5000 });
    return status === 200 ? "yes" : "no";
  } catch (error) {
    return error.code === "EACCES" ? "denied" : "no";
  }
}

function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined; // no docker configuration is the usual case
  }
}
