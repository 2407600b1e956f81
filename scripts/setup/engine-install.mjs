// Installs and starts the distribution's engine, where that is one apt-get away; elsewhere says what to install.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import os from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

import { has, run, say, StepFailure } from "./say.mjs";

const logFile = "/var/log/dockerd.log";
const isRoot = process.getuid?.() === 0;
const userName = os.userInfo().username;

export async function installEngine(answers) {
  if (!has("dockerd")) installPackage();
  if (!isRoot) privileged("engine", "usermod", "-aG", "docker", userName);
  startDaemon();
  for (let waited = 0; waited < 300; waited++) {
    if (await answers()) return;
    await sleep(100);
  }
  const end = existsSync(logFile) ? `\n${readFileSync(logFile, "utf8").trim().split("\n").slice(-8).join("\n")}` : "";
  throw new StepFailure("engine", `dockerd does not answer after 30 s${end}`, remedyForDaemon());
}

/** After joining the group a running process is not in it yet: start over inside it. */
export function enterDockerGroup() {
  const groups = spawnSync("id", ["-nG"], { encoding: "utf8" }).stdout ?? "";
  const members = /^docker:.*:(.*)$/m.exec(readFileSync("/etc/group", "utf8"))?.[1]?.split(",") ?? [];
  if (groups.split(/\s+/).includes("docker") || !members.includes(userName) || !has("sg")) return;
  const words = [process.execPath, ...process.argv.slice(1)].map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  const { status } = spawnSync("sg", ["docker", "-c", words.join(" ")], { stdio: "inherit" });
  process.exit(status ?? 1);
}

function installPackage() {
  const system = systemName();
  if (process.platform !== "linux" || !has("apt-get") || !/debian|ubuntu/.test(system.like)) {
    const product =
      process.platform === "linux"
        ? "Docker Engine (https://docs.docker.com/engine/install)"
        : "Docker Desktop or Colima";
    throw new StepFailure(
      "engine",
      `cannot install one on ${system.name} by itself`,
      `install ${product}, start it, and run this again`,
    );
  }
  if (!isRoot && !has("sudo")) {
    throw new StepFailure(
      "engine",
      "installing one needs root",
      "as root: apt-get install docker.io, then run this again",
    );
  }
  say(
    `installing docker.io, the engine of ${system.name}${isRoot ? "" : " (with sudo; it may ask for your password)"}`,
  );
  privileged("engine", "apt-get", "update", "-qq");
  // cgroupfs-mount where there is no systemd: nothing else mounts the control groups then.
  const packages = ["docker.io", "iptables", "ca-certificates", ...(systemdRuns() ? [] : ["cgroupfs-mount"])];
  privileged(
    "engine",
    "env",
    "DEBIAN_FRONTEND=noninteractive",
    "apt-get",
    "install",
    "-y",
    "-qq",
    "--no-install-recommends",
    ...packages,
  );
}

function startDaemon() {
  say("starting the engine");
  if (systemdRuns()) privileged("engine", "systemctl", "start", "docker");
  else privileged("engine", "sh", "-c", withoutSystemd);
}

// A pid file of a daemon that was killed keeps the next one from starting. cgroupfs-mount does nothing where the control
// groups are mounted. The package's own init script is no use in containers: it raises limits that they may not raise.
const withoutSystemd = `
  [ -e "/proc/$(cat /var/run/docker.pid 2>/dev/null || echo none)" ] || rm -f /var/run/docker.pid
  if command -v cgroupfs-mount >/dev/null; then cgroupfs-mount || true; fi
  setsid dockerd >>${logFile} 2>&1 </dev/null &`;

function privileged(step, ...command) {
  const words = isRoot ? command : ["sudo", ...command];
  return run(words[0], words.slice(1), { step, remedy: `run "${words.join(" ")}" yourself and see what it says` });
}

function systemdRuns() {
  return existsSync("/run/systemd/system");
}

function remedyForDaemon() {
  return systemdRuns()
    ? 'see "journalctl -u docker"'
    : `see ${logFile}; a container needs --privileged to run an engine inside`;
}

function systemName() {
  if (process.platform !== "linux") return { name: process.platform, like: "" };
  const text = existsSync("/etc/os-release") ? readFileSync("/etc/os-release", "utf8") : "";
  const read = (key) => new RegExp(`^${key}="?([^"\n]*)`, "m").exec(text)?.[1] ?? "";
  return { name: read("PRETTY_NAME") || "this Linux", like: `${read("ID")} ${read("ID_LIKE")}` };
}
