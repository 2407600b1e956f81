import type { Engine } from "../../engine/engine.ts";
import { EngineError } from "../../model/error.ts";
import type { ObservedContainer } from "../../model/observed.ts";
import type { SyncPlan } from "../../planner/watch.ts";
import { packFiles } from "./pack.ts";
import { runIn } from "./run-in.ts";

/**
 * Makes the container's files what the plan says: removed ones first, then all others as one archive. Resolves with
 * what could not be removed; that will be so the next time, too, and is no reason to leave the others out.
 */
export async function fillContainer(
  engine: Engine,
  { container, plan }: { readonly container: ObservedContainer; readonly plan: SyncPlan },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const complaints: string[] = [];
  for (const paths of portions(plan.removed)) {
    complaints.push(...(await removePaths(engine, { container, paths }, signal)));
  }
  if (plan.written.size > 0) await putFiles(engine, { container, plan }, signal);
  return complaints;
}

async function putFiles(
  engine: Engine,
  { container, plan }: { readonly container: ObservedContainer; readonly plan: SyncPlan },
  signal: AbortSignal,
): Promise<void> {
  const put = async (folders: boolean): Promise<void> =>
    engine.putArchive(container.id, { path: "/", tar: packFiles(plan.written, { folders }), copyOwner: true }, signal);
  try {
    await put(true);
  } catch (error) {
    // A folder of ours may be a link to a folder there; the files go into it all the same.
    if (!(error instanceof EngineError) || !error.message.includes("cannot overwrite non-directory")) throw error;
    await put(false);
  }
}

interface Removal {
  readonly container: ObservedContainer;
  readonly paths: readonly string[];
}

async function removePaths(
  engine: Engine,
  { container, paths }: Removal,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const said: string[] = [];
  // As root, which put the files there: the service's own user may not be allowed to.
  const hook = { command: ["rm", "-rf", "--", ...paths], user: "0" };
  const onOutput = ({ bytes }: { readonly bytes: Uint8Array }): void => void said.push(Buffer.from(bytes).toString());
  const code = await runIn(engine, { container: container.id, hook, onOutput }, signal);
  if (code === 0) return [];
  const reason = code === 126 || code === 127 ? "its image has no rm" : said.join("").trim();
  return [`cannot remove ${paths.slice(0, 3).join(", ")} in container ${container.name}: ${reason}`];
}

/** A command line has its limits. */
const mostBytes = 64 * 1024;

function portions(paths: readonly string[]): readonly (readonly string[])[] {
  const found: string[][] = [];
  let room = 0;
  for (const path of paths) {
    room -= Buffer.byteLength(path) + 1;
    if (room < 0) {
      found.push([]);
      room = mostBytes - Buffer.byteLength(path) - 1;
    }
    found.at(-1)?.push(path);
  }
  return found;
}
