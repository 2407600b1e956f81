import { EngineError } from "../../model/error.ts";
import { composeLabels } from "../../model/labels.ts";
import type { ObservedImage } from "../../model/observed.ts";
import type { Connection } from "../connection.ts";
import type { Engine } from "../engine.ts";
import { type InspectedImage, type ListedImage, readInspectedImage, readListedImage } from "../read/image.ts";
import { buildImage, checkBuild } from "./build.ts";
import { imagePath, notAName } from "./image-path.ts";
import { pullImage, pushImage } from "./transfer.ts";

type ImageCalls = Pick<
  Engine,
  "findImage" | "listImages" | "removeImage" | "pullImage" | "pushImage" | "buildImage" | "checkBuild"
>;

export function imageCalls(connection: Connection): ImageCalls {
  const { client } = connection;
  return {
    findImage: (name, platform, signal) => findImage(connection, { name, platform }, signal),
    async listImages({ project }, signal) {
      const filters = project === undefined ? {} : { label: [`${composeLabels.project}=${project}`] };
      const call = { operation: "list images", resource: "images", method: "GET", path: "/images/json" } as const;
      return (await client.list<ListedImage>({ ...call, query: { filters }, signal })).map(readListedImage);
    },
    async removeImage(name, signal) {
      const call = { operation: "remove image", resource: `image ${name}`, method: "DELETE" } as const;
      try {
        await client.done({ ...call, path: imagePath(name), signal });
        return "removed";
      } catch (error) {
        if (error instanceof EngineError && error.status === 404) return "absent";
        if (error instanceof EngineError && error.status === 409) return "in use";
        throw error;
      }
    },
    pullImage: (image, { platform }, signal) => pullImage(connection, { image, platform }, signal),
    pushImage: (image, signal) => pushImage(connection, image, signal),
    buildImage: (request, signal) => buildImage(connection, request, signal),
    checkBuild: (request, signal) => checkBuild(connection, request, signal),
  };
}

async function findImage(
  { client }: Connection,
  { name, platform }: { readonly name: string; readonly platform: string | undefined },
  signal: AbortSignal | undefined,
): Promise<ObservedImage | undefined> {
  const call = { operation: "find image", resource: `image ${name}`, method: "GET" } as const;
  try {
    const image = readInspectedImage(
      await client.json<InspectedImage>({ ...call, path: `${imagePath(name)}/json`, signal }),
    );
    return platform === undefined || isFor(image, platform) ? image : undefined;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    if (error.status === 404) return undefined;
    throw error.status === 400 && error.message.startsWith("invalid reference format") ? notAName(name, error) : error;
  }
}

/** "linux/arm64/v8"; a part that is not given matches anything. */
function isFor(image: ObservedImage, platform: string): boolean {
  const [os, architecture, variant] = platform.split("/");
  const aliases: Readonly<Record<string, string>> = { x86_64: "amd64", "x86-64": "amd64", aarch64: "arm64" };
  if (architecture === undefined) return os === image.os || os === image.architecture;
  const wanted = aliases[architecture] ?? architecture;
  const variantFits = variant === undefined || image.variant === undefined || variant === image.variant;
  return os === image.os && wanted === image.architecture && variantFits;
}
