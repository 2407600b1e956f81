import type { ActionContext } from "../../actions/context.ts";
import type { Names } from "./complete.ts";

/** What cannot be found out is not suggested: nobody wants to read an error at the prompt. */
export function namesOf(context: () => Promise<ActionContext>): Names {
  const quietly = async (find: () => Promise<Iterable<string>>): Promise<readonly string[]> =>
    [...(await find().catch(() => []))].toSorted();
  return {
    services: () => quietly(async () => serviceNames(await context())),
    profiles: () =>
      quietly(async () => {
        const { services, disabledServices } = await (await context()).project({ resolveEnvironment: false });
        return new Set([...services.values(), ...disabledServices.values()].flatMap(({ profiles = [] }) => profiles));
      }),
    projects: () =>
      quietly(async () => {
        const { ls } = await import("../../actions/ls.ts");
        return (await ls(await context(), { all: true, name: undefined })).map(({ name }) => name);
      }),
  };
}

/** By the file; where there is none, by the containers of the project that is named. */
async function serviceNames(context: ActionContext): Promise<Iterable<string>> {
  const { services, disabledServices } = await context.project({ resolveEnvironment: false }).catch(async () => {
    const { knownProject } = await import("../../actions/known-project.ts");
    return knownProject(context, []);
  });
  return [...services.keys(), ...disabledServices.keys()];
}
