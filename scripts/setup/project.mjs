import { readFileSync } from "node:fs";
import path from "node:path";

import { root, run, say, StepFailure } from "./say.mjs";

const oldestNode = [20, 12];

export function installDependencies() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
    const problem = `Node ${oldestNode.join(".")} or newer is needed, this is ${process.versions.node}`;
    throw new StepFailure("node", problem, "install a current Node from https://nodejs.org and run the command again");
  }
  if (installedMatchesLock()) return;
  say("installing dependencies (npm ci)");
  run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    step: "dependencies",
    remedy: "check that the npm registry can be reached (npm ping), then run the command again",
  });
}

export function buildProject() {
  const result = run(process.execPath, ["scripts/build.mjs"], {
    step: "build",
    remedy: "npm run types shows all mistakes",
  });
  for (const line of result.stderr.trim().split("\n").filter(Boolean)) say(line);
}

/** npm keeps a lock file of what it has installed; versions are compared, as file times say nothing after a checkout. */
function installedMatchesLock() {
  const wanted = packagesOf("package-lock.json");
  const installed = packagesOf("node_modules/.package-lock.json");
  if (!installed) return false;
  return Object.entries(wanted).every(([name, { version, optional }]) => {
    if (name === "") return true;
    return installed[name] ? installed[name].version === version : optional === true;
  });
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(path.join(root, file), "utf8")).packages;
  } catch {
    return undefined; // absent or half-written: install anew
  }
}
