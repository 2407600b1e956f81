// Whole-process timings of two commands in turn (A B A B …), so that a noisy machine disturbs both alike.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const ours = [process.execPath, join(root, "dist", "cli.js")];
export const peer = ["docker", "compose"];

/** Runs a command to its end: seconds of wall time, exit code, and what it said. */
export function run(command, { cwd, env } = {}) {
  return new Promise((settle, fail) => {
    const start = performance.now();
    const child = spawn(command[0], command.slice(1), {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let said = "";
    child.stdout.on("data", () => {});
    child.stderr.on("data", (bytes) => (said += bytes));
    child.on("error", fail);
    child.on("close", (code) => settle({ seconds: (performance.now() - start) / 1000, code, said }));
  });
}

/** Peak memory of one run of ours, in MB: a preloaded line asks the kernel when the process ends. */
export async function peakMegabytes(args, { cwd, env } = {}) {
  const folder = mkdtempSync(join(tmpdir(), "tscompose-bench-"));
  const file = join(folder, "rss");
  const code = `import{writeFileSync}from"node:fs";process.on("exit",()=>writeFileSync(${JSON.stringify(file)},String(process.resourceUsage().maxRSS)))`;
  const preload = `data:text/javascript,${encodeURIComponent(code)}`;
  const done = await run([ours[0], "--import", preload, ours[1], ...args], { cwd, env });
  const kilobytes = Number(readFileSync(file, "utf8"));
  rmSync(folder, { recursive: true });
  return { ...done, megabytes: kilobytes / 1024 };
}

export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * Times `mine` against `theirs`, `runs` times in turn. Each is a function that performs one run and resolves with its
 * seconds, so that it can prepare and clean up outside of what is counted.
 */
export async function pairs({ mine, theirs, runs = 5 }) {
  const seconds = { mine: [], theirs: [] };
  for (let round = 0; round < runs; round++) {
    seconds.mine.push(await mine());
    if (theirs !== undefined) seconds.theirs.push(await theirs());
  }
  return { mine: median(seconds.mine), theirs: theirs === undefined ? undefined : median(seconds.theirs) };
}

export async function expectSuccess(command, options) {
  const done = await run(command, options);
  if (done.code !== 0) throw new Error(`${command.join(" ")} ended with ${done.code}:\n${done.said}`);
  return done.seconds;
}

export async function hasPeer() {
  return run([...peer, "version"]).then(
    (done) => done.code === 0,
    () => false,
  );
}

export function row(name, { mine, theirs }, goal) {
  const ratio = theirs === undefined ? "" : (mine / theirs).toFixed(2);
  console.log(`| ${name} | ${mine.toFixed(3)} | ${theirs?.toFixed(3) ?? "–"} | ${ratio} | ${goal ?? ""} |`);
}

export function heading(title) {
  console.log(`\n### ${title} (Node ${process.versions.node}, seconds, medians)\n`);
  console.log("| what | tscompose | docker compose | ratio | goal |\n|---|---|---|---|---|");
}

/** True when the file at `moduleUrl` is the program that was started. */
export function isMain(moduleUrl) {
  return process.argv[1] !== undefined && pathToFileURL(resolve(process.argv[1])).href === moduleUrl;
}
