import { execFile } from "node:child_process";
import { promisify } from "node:util";

import type { StepOf } from "../../model/plan.ts";
import { findPlugin } from "../plugin.ts";
import type { Progress, Run } from "../run.ts";

/** A model that services use: pulled if it is not here, configured, and its address noted. The docker model plugin does it. */
export async function prepareModel(step: StepOf<"model.prepare">, run: Run, progress: Progress): Promise<undefined> {
  const { key, model, context_size, runtime_flags = [] } = step.model;
  const plugin = await findPlugin("model", run.project);
  if (plugin === undefined) {
    throw new Error(`model "${key}" needs the docker model plugin, and that is not installed`);
  }
  const call = (...args: readonly string[]): Promise<string> => runPlugin(plugin, args, run);
  if (!(await listed(call)).includes(model)) {
    progress.report(`pulling ${model}`);
    await call("pull", model);
  }
  const size = context_size === undefined || context_size <= 0 ? [] : ["--context-size", String(context_size)];
  const flags = runtime_flags.length === 0 ? [] : ["--", ...runtime_flags];
  await call("configure", ...size, model, ...flags);
  const { endpoint } = JSON.parse(await call("status", "--json")) as { readonly endpoint: string };
  run.endpoints.set(key, endpoint);
  return undefined;
}

async function listed(call: (...args: readonly string[]) => Promise<string>): Promise<readonly string[]> {
  const models = JSON.parse(await call("ls", "--json")) as readonly { readonly tags?: readonly string[] }[];
  return models.flatMap(({ tags = [] }) => tags);
}

async function runPlugin(plugin: string, args: readonly string[], { project, signal }: Run): Promise<string> {
  const env = Object.fromEntries(project.environment);
  try {
    return (await promisify(execFile)(plugin, [...args], { env, signal, cwd: project.workingDir })).stdout;
  } catch (error) {
    const { stderr = "", message } = error as { readonly stderr?: string; readonly message: string };
    throw new Error(`docker model ${args[0] ?? ""} failed: ${stderr.trim() || message}`, { cause: error });
  }
}
