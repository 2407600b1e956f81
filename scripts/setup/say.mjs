// How the set-up talks: one line a step, and a failure that names the step and what to do about it.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url));

export function say(line) {
  console.log(`> ${line}`);
}

export class StepFailure extends Error {
  constructor(step, problem, remedy) {
    super(`${step}: ${problem}`);
    this.remedy = remedy;
  }
}

/** Runs a script's body; what went wrong is told in two lines, a bug of ours with its stack. */
export async function runScript(main) {
  try {
    await main();
  } catch (error) {
    if (!(error instanceof StepFailure)) throw error;
    console.error(`failed: ${error.message}`);
    if (error.remedy) console.error(`remedy: ${error.remedy}`);
    process.exitCode = 1;
  }
}

/** Runs a command and keeps its output for the failure message; `show: true` lets it through to the terminal. */
export function run(command, args, { step, remedy, show = false, env = process.env, cwd = root } = {}) {
  const result = spawnSync(command, args, {
    cwd,
    env,
    encoding: "utf8",
    stdio: show ? "inherit" : ["ignore", "pipe", "pipe"],
  });
  if (result.status === 0 || !step) return result;
  const output = `${result.stdout ?? ""}${result.stderr ?? ""}${result.error ?? ""}`
    .trim()
    .split("\n")
    .slice(-12)
    .join("\n");
  throw new StepFailure(step, `"${[command, ...args].join(" ")}" failed${output && `\n${output}`}`, remedy);
}

export function has(command) {
  return spawnSync("sh", ["-c", `command -v ${command}`], { stdio: "ignore" }).status === 0;
}
