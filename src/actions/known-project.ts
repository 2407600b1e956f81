import type { Project } from "../model/project.ts";
import type { ActionContext } from "./context.ts";
import { projectFromLabels } from "./label-project.ts";
import { isOwn } from "./own-containers.ts";
import { checkServiceNames } from "./service-names.ts";

/**
 * For verbs that need no file: with a name and no file given, the project is what its labels say, also where a
 * compose.yaml lies around. Named services are enabled; without names all are that the profiles enable.
 */
export function knownProject(context: ActionContext, services: readonly string[]): Promise<Project> {
  return nameOrFile(context, services, withNamed);
}

/**
 * The same for verbs that look into containers: a named service may be gone from the file and have containers still.
 * Whoever has listed them checks the names. Where the name is known these need no file: one that wants a variable which
 * is set only where the project is brought up is in nobody's way.
 */
export function projectOfContainers(context: ActionContext, services: readonly string[]): Promise<Project> {
  return nameOrFile(context, services, withKnown, { fileIsOptional: true });
}

/** Containers have their environment already: that an env file is gone by now must keep nobody from taking them down. */
const asContainersAre = { resolveEnvironment: false } as const;

/** The same for verbs that start containers: those of pre_start hooks are made anew, and have the service's environment. */
export function startedProject(context: ActionContext, services: readonly string[]): Promise<Project> {
  return nameOrFile(context, services, async () => {
    const project = await withNamed(context, services);
    const hooked = [...project.services.values()].some(({ pre_start }) => pre_start !== undefined);
    if (!hooked) return project;
    return context.project({ select: { services: [...project.services.keys()], dependencies: true } });
  });
}

type FromFile = (context: ActionContext, services: readonly string[]) => Promise<Project>;

async function nameOrFile(
  context: ActionContext,
  services: readonly string[],
  fromFile: FromFile,
  { fileIsOptional = false } = {},
): Promise<Project> {
  const { files = [], projectName = "", document } = context.source;
  const asked = files.length > 0 || document !== undefined;
  if (projectName !== "" && !asked) return fromLabels(context, projectName, services);
  try {
    return await fromFile(context, services);
  } catch (error) {
    const isOptional = document === undefined && (fileIsOptional || !asked);
    const name = isOptional ? projectName || (await nameFromVariables(context)) : "";
    if (name === "") throw error;
    return fromLabels(context, name, services).catch((other: unknown) => {
      throw asked ? error : other;
    });
  }
}

async function nameFromVariables({ source }: ActionContext): Promise<string> {
  const { nameWithoutFiles } = await import("../loader/environment.ts");
  return nameWithoutFiles(source);
}

/** All services that the profiles enable, and the named ones: dependents of those matter to the order. */
async function withNamed(context: ActionContext, services: readonly string[]): Promise<Project> {
  const all = await context.project(asContainersAre);
  if (services.every((name) => all.services.has(name))) return all;
  const select = { services: [...all.services.keys(), ...services], dependencies: true };
  return context.project({ ...asContainersAre, select });
}

async function withKnown(context: ActionContext, services: readonly string[]): Promise<Project> {
  const all = await context.project(asContainersAre);
  return withNamed(
    context,
    services.filter((name) => all.services.has(name) || all.disabledServices.has(name)),
  );
}

async function fromLabels(context: ActionContext, given: string, services: readonly string[]): Promise<Project> {
  // No project's name has capitals; docker compose, too, takes them for small letters here.
  const name = given.toLowerCase();
  const engine = await context.engine();
  const { signal } = context;
  const [containers, networks, volumes] = await Promise.all([
    engine.listContainers({ project: name, all: true }, signal),
    engine.listNetworks({ project: name }, signal),
    engine.listVolumes({ project: name }, signal),
  ]);
  const ours = containers.filter((each) => isOwn(each));
  const project = projectFromLabels(name, { containers: ours, networks, volumes });
  checkServiceNames(
    project,
    services,
    containers.map(({ service }) => service),
  );
  return project;
}
