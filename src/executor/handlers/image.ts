import type { Handlers } from "../run.ts";
import { buildImage } from "./build.ts";
import { pullImage, pushImage } from "./transfer.ts";

type ImageKind = `image.${string}`;

export const imageHandlers: Pick<Handlers, Extract<keyof Handlers, ImageKind>> = {
  "image.pull": pullImage,
  "image.build": buildImage,
  "image.push": pushImage,
  "image.remove": async (step, run) =>
    (await run.engine.removeImage(step.image, run.signal)) === "in use" ? "Resource is still in use" : undefined,
};
