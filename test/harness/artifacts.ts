// What one wants to see of a project when its test has failed on another machine: files, containers, logs.
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { projectRoot } from "./cli.ts";
import { containersOf, logsOf, networksOf, volumesOf } from "./engine-api.ts";

/** File name → content. Taken after every test, so only what is cheap. */
export async function collectArtifacts(project: string, folder: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const name of await readdir(folder)) {
    if (/\.(ya?ml|env)$|^\.env$|Dockerfile/.test(name))
      found.set(name, await readFile(path.join(folder, name), "utf8"));
  }
  const containers = await containersOf(project);
  for (const container of containers) {
    found.set(`${container.Name}.json`, JSON.stringify(container, undefined, 2));
    found.set(`${container.Name}.log`, await logsOf(container.Id).catch(String));
  }
  found.set(
    "ps.txt",
    containers.map((each) => `${each.Name}\t${each.State.Status}\t${each.State.ExitCode}\n`).join(""),
  );
  const others = { networks: await networksOf(project), volumes: await volumesOf(project) };
  return found.set("others.json", JSON.stringify(others, undefined, 2));
}

export async function writeArtifacts(title: string, artifacts: ReadonlyMap<string, string>): Promise<void> {
  const folder = path.join(projectRoot, "test/artifacts", title.replaceAll(/[^\w.-]+/g, "-"));
  await mkdir(folder, { recursive: true });
  for (const [name, text] of artifacts) await writeFile(path.join(folder, name), text);
}
