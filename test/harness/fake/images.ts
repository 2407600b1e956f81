import type { Engine } from "../../../src/engine/engine.ts";
import { composeLabels } from "../../../src/model/labels.ts";
import { findImage } from "./containers.ts";
import { type FakeWorld, newId, refusal } from "./world.ts";

type ImageCalls = Pick<
  Engine,
  "findImage" | "listImages" | "removeImage" | "pullImage" | "pushImage" | "buildImage" | "checkBuild"
>;

/** There is no registry: what is not here cannot be had, except by building it. */
export function imageCalls(world: FakeWorld): ImageCalls {
  return {
    async findImage(name, platform) {
      const image = findImage(world, name);
      if (image === undefined || platform === undefined) return image;
      return `${image.os}/${image.architecture}` === platform ? image : undefined;
    },
    listImages: async ({ project }) =>
      [...world.images.values()].filter(
        ({ labels }) => project === undefined || labels.get(composeLabels.project) === project,
      ),
    async removeImage(name) {
      const image = findImage(world, name);
      if (image === undefined) return "absent";
      if ([...world.containers.values()].some((each) => each.image === image)) return "in use";
      for (const [key, each] of world.images) if (each === image) world.images.delete(key);
      return "removed";
    },
    async *pullImage(image) {
      const found = findImage(world, image);
      yield { status: `Pulling from ${image}` };
      if (found === undefined)
        throw refusal(404, `the image ${image} does not exist in its registry, or you may not pull it`);
      yield { status: `Status: Image is up to date for ${image}` };
    },
    async *pushImage(image) {
      if (findImage(world, image) === undefined) throw refusal(404, `the image ${image} is not on this engine`);
      yield { status: "Pushed" };
    },
    checkBuild: async () => [],
    async *buildImage({ tags, labels }) {
      const id = `sha256:${newId()}`;
      const [name = id] = tags;
      yield { kind: "step", id: "1", name: "FROM scratch", state: "started" };
      yield { kind: "step", id: "1", name: "FROM scratch", state: "done" };
      world.images.set(name, {
        id,
        os: "linux",
        architecture: "amd64",
        sizeBytes: 1_000_000,
        repoTags: tags.map((tag) => (tag.includes(":") ? tag : `${tag}:latest`)),
        labels,
        volumes: [],
        healthcheck: false,
        command: ["sleep", "infinity"],
      });
      yield { kind: "image", id };
    },
  };
}
