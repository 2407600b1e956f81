// docker compose itself, where this machine has it: what we do to a project has to make sense to it, and the reverse.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

import type { Ran } from "./cli.ts";

/** Whether `docker compose` can be run here; tests that compare with it are skipped where it cannot. */
export const hasPeer: boolean = await run(["version"], "/").then(({ code }) => code === 0);

export interface PeerProject {
  readonly name: string;
  readonly folder: string;
  /** Added to the test's own. */
  readonly env?: Readonly<Record<string, string>>;
}

export function peer({ name, folder, env }: PeerProject, ...args: string[]): Promise<Ran> {
  return run(["-p", name, ...args], folder, env);
}

async function run(args: readonly string[], cwd: string, added: PeerProject["env"] = {}): Promise<Ran> {
  const options = { cwd, timeout: 120_000, env: { ...process.env, ...added } };
  try {
    const { stdout, stderr } = await promisify(execFile)("docker", ["compose", ...args], options);
    return { code: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout = "", stderr = "" } = error as Partial<Ran>;
    return { code: typeof code === "number" ? code : 127, stdout, stderr };
  }
}
