import { setTimeout as sleep } from "node:timers/promises";

import { call, containersOf, get, networksOf, volumesOf } from "./engine-api.ts";

/** Everything on the engine that carries the project's label, by force, and the images named after it. */
export async function removeProject(name: string): Promise<void> {
  // Those that the engine is removing by itself at this moment hold their networks and volumes until they are gone.
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(50)) {
    const containers = await containersOf(name);
    if (containers.length === 0) break;
    await Promise.all(containers.map(({ Id }) => call("DELETE", `/containers/${Id}?force=1&v=1`)));
  }
  const networks = await networksOf(name);
  await Promise.all(networks.map(({ Id }) => call("DELETE", `/networks/${Id ?? ""}`)));
  const volumes = await volumesOf(name);
  await Promise.all(volumes.map((volume) => call("DELETE", `/volumes/${volume.Name}?force=1`)));
  for (const tag of await imageTags()) {
    if (tag.startsWith(`${name}-`) || tag.startsWith(`${name}/`)) await call("DELETE", `/images/${tag}?force=1`);
  }
}

export async function imageTags(): Promise<readonly string[]> {
  const images = await get<readonly { readonly RepoTags: readonly string[] | null }[]>("/images/json");
  return images.flatMap((image) => image.RepoTags ?? []);
}
