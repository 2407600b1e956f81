import type { ObservedContainer } from "../../model/observed.ts";
import type { Project } from "../../model/project.ts";
import { planBuild } from "../../planner/build.ts";
import { imageNeeds } from "../../planner/images.ts";
import { concernedBy, onlyServices } from "../../planner/watch-rebuild.ts";
import { bringUp } from "../bring-up.ts";
import { change } from "../change.ts";
import type { ActionContext } from "../context.ts";

export interface Rebuild {
  readonly project: Project;
  readonly services: readonly string[];
  readonly containers: readonly ObservedContainer[];
  /** Between creation and start. */
  readonly beforeStart: () => Promise<void>;
  /** Remove images that this leaves without a name. */
  readonly prune: boolean;
}

/** Builds the services' images, and replaces the containers whose image is another one now. */
export async function rebuild(context: ActionContext, request: Rebuild): Promise<void> {
  const { project, services, containers } = request;
  const part = onlyServices(project, new Set(services));
  const plan = planBuild(part, plainBuild);
  await change(context, { verb: "build", project: async () => part, interest: {}, plan: () => plan });
  const concerned = concernedBy(project, services, containers);
  const brought = new Set(imageNeeds(concerned).map(({ key }) => key));
  const images = { pull: undefined, build: false, noBuild: true, brought };
  const start = async (start: boolean): Promise<void> => {
    await bringUp(context, { verb: "watch", project: concerned, options: { services, start, images } });
  };
  await start(false);
  await request.beforeStart();
  await start(true);
  if (request.prune) await pruneImages(context, project.name);
}

const plainBuild = { buildArgs: [], noCache: false, pull: false, push: false, check: false } as const;

/** Only those that this project built and that have lost their name; one that is in use stays. */
async function pruneImages(context: ActionContext, project: string): Promise<void> {
  const engine = await context.engine();
  const images = await engine.listImages({ project }, context.signal);
  const nameless = images.filter(({ repoTags }) => repoTags.every((tag) => tag.startsWith("<none>")));
  await Promise.all(nameless.map(({ id }) => engine.removeImage(id, context.signal)));
}
