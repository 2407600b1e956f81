import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

import type { StepOf } from "../../model/plan.ts";
import type { Project, Provider } from "../../model/project.ts";
import { findOnPath, findPlugin } from "../plugin.ts";
import type { Progress, Run } from "../run.ts";

interface ProviderLine {
  readonly type: "info" | "error" | "debug" | "setenv" | "rawsetenv";
  readonly message: string;
}

/** A service that no container runs: a program on the PATH provides it and may set variables for its dependents. */
export async function runProvider(step: StepOf<"provider.run">, run: Run, progress: Progress): Promise<undefined> {
  const { service, command } = step;
  const { provider } = service;
  if (provider === undefined) return undefined;
  const program = await findProgram(provider, run.project);
  const args = ["compose", `--project-name=${run.project.name}`, command, ...optionArgs(provider), service.name];
  const variables = new Map<string, string>();
  let failure: string | undefined;
  const code = await speak(program, args, run, (line) => {
    if (line.type === "error") failure = line.message;
    else if (line.type === "info") progress.report(line.message);
    else setVariable(line, service.name, variables);
  });
  run.provided.set(service.name, variables);
  if (code !== 0 || failure !== undefined) {
    throw new Error(
      `provider "${provider.type}" of service "${service.name}" failed: ${failure ?? `it exited with status ${code}`}`,
    );
  }
  return undefined;
}

function setVariable(line: ProviderLine, service: string, variables: Map<string, string>): void {
  const equals = line.message.indexOf("=");
  if (equals < 1 || (line.type !== "setenv" && line.type !== "rawsetenv")) return;
  const name = line.message.slice(0, equals);
  const prefix = line.type === "setenv" ? `${service.toUpperCase().replaceAll("-", "_")}_` : "";
  variables.set(prefix + name, line.message.slice(equals + 1));
}

function optionArgs(provider: Provider): string[] {
  return [...(provider.options ?? [])].flatMap(([name, values]) => values.map((value) => `--${name}=${value}`));
}

/** A docker CLI plugin of that name, else a program on the PATH. */
async function findProgram({ type }: Provider, project: Project): Promise<string> {
  const found =
    type === "compose" ? undefined : ((await findPlugin(type, project)) ?? (await findOnPath(type, project)));
  if (found !== undefined) return found;
  throw new Error(`no program provides "${type}": neither a docker plugin docker-${type} nor ${type} on the PATH`);
}

function speak(
  program: string,
  args: readonly string[],
  run: Run,
  onLine: (line: ProviderLine) => void,
): Promise<number> {
  return new Promise((settle, fail) => {
    const env = Object.fromEntries(run.project.environment);
    const child = spawn(program, args, {
      cwd: run.project.workingDir,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      signal: run.signal,
    });
    createInterface({ input: child.stdout }).on("line", (line) => onLine(parseLine(line)));
    createInterface({ input: child.stderr }).on("line", (line) => onLine({ type: "info", message: line }));
    child.on("error", fail);
    child.on("close", (code) => settle(code ?? 1));
  });
}

/** What is not of the protocol is what an ordinary program prints: words, or JSON of its own. */
function parseLine(line: string): ProviderLine {
  const parsed = parseJson(line);
  return isProviderLine(parsed) ? parsed : { type: "info", message: line };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isProviderLine(value: unknown): value is ProviderLine {
  if (typeof value !== "object" || value === null || !("type" in value) || !("message" in value)) return false;
  return typeof value.type === "string" && typeof value.message === "string";
}
