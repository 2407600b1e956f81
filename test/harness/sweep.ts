import { imageTags, removeProject } from "./clean.ts";
// Before a run: takes away what an earlier one left on the engine when it was killed. A name carries the pid of its
// owner; what belongs to a process that still lives is left alone.
import { steering } from "./cli.ts";
import { call, get, type NamedResource } from "./engine-api.ts";

export async function setup(): Promise<void> {
  // Workers have our environment; nothing of it is to steer what they test.
  for (const name of Object.keys(process.env)) if (steering.test(name)) delete process.env[name];
  try {
    await call("GET", "/_ping");
  } catch {
    return; // no engine: the tests that need none can run
  }
  for (const project of await leftovers()) await removeProject(project);
}

async function leftovers(): Promise<ReadonlySet<string>> {
  const containers = await get<readonly NamedResource[]>("/containers/json?all=1");
  const networks = await get<readonly NamedResource[]>("/networks");
  const { Volumes } = await get<{ readonly Volumes: readonly NamedResource[] | null }>("/volumes");
  const labelled = [...containers, ...networks, ...(Volumes ?? [])].map((each) => each.Labels?.[projectLabel] ?? "");
  const names = [...labelled, ...(await imageTags())].flatMap((name) => /^tst-\d+-\d+/.exec(name)?.[0] ?? []);
  return new Set(names.filter((name) => !lives(Number(name.split("-")[1]))));
}

const projectLabel = "com.docker.compose.project";

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
