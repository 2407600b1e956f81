import { EngineError } from "../../model/error.ts";
import { composeLabels } from "../../model/labels.ts";
import type { ObservedImage } from "../../model/observed.ts";
import type { Connection } from "../connection.ts";
import type { DockerConfig } from "../docker-config.ts";
import type { Engine, TransferProgress } from "../engine.ts";
import { type InspectedImage, type ListedImage, readInspectedImage, readListedImage } from "../read/image.ts";
import { explain } from "../transport/explain.ts";
import { jsonLines } from "../transport/json-lines.ts";
import { buildImage } from "./build.ts";

type ImageCalls = Pick<Engine, "findImage" | "listImages" | "removeImage" | "pullImage" | "pushImage" | "buildImage">;

export function imageCalls(connection: Connection): ImageCalls {
  const { client } = connection;
  return {
    findImage: (name, platform, signal) => findImage(connection, { name, platform }, signal),
    async listImages({ project }, signal) {
      const filters = project === undefined ? {} : { label: [`${composeLabels.project}=${project}`] };
      const call = { operation: "list images", resource: "images", method: "GET", path: "/images/json" } as const;
      return (await client.json<readonly ListedImage[]>({ ...call, query: { filters }, signal })).map(readListedImage);
    },
    async removeImage(name, signal) {
      const call = { operation: "remove image", resource: `image ${name}`, method: "DELETE" } as const;
      try {
        await client.done({ ...call, path: `/images/${name}`, signal });
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
      await client.json<InspectedImage>({ ...call, path: `/images/${name}/json`, signal }),
    );
    return platform === undefined || isFor(image, platform) ? image : undefined;
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) return undefined;
    throw error;
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

async function* pullImage(
  { client, config }: Connection,
  { image, platform }: { readonly image: string; readonly platform: string | undefined },
  signal: AbortSignal | undefined,
): AsyncGenerator<TransferProgress> {
  const origin = { operation: "pull image", resource: `image ${image}`, signal };
  const { repository, tag } = splitImage(image);
  const answer = await client.stream({
    ...origin,
    method: "POST",
    path: "/images/create",
    query: { fromImage: repository, tag, platform },
    headers: await registryAuth(image, config),
  });
  yield* transfer(jsonLines(answer, origin), origin);
}

async function* pushImage(
  { client, config }: Connection,
  image: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<TransferProgress> {
  const origin = { operation: "push image", resource: `image ${image}`, signal };
  const { repository, tag } = splitImage(image);
  const answer = await client.stream({
    ...origin,
    method: "POST",
    path: `/images/${repository}/push`,
    query: { tag },
    headers: await registryAuth(image, config),
  });
  yield* transfer(jsonLines(answer, origin), origin);
}

interface TransferLine {
  readonly id?: string;
  readonly status?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  readonly error?: string;
  readonly errorDetail?: { readonly message?: string };
}

/** A failure comes as a line among the others, after the engine has said 200. */
async function* transfer(
  lines: AsyncIterable<unknown>,
  origin: { readonly operation: string; readonly resource: string },
): AsyncGenerator<TransferProgress> {
  for await (const each of lines) {
    const line = each as TransferLine;
    const failure = line.errorDetail?.message ?? line.error;
    if (failure !== undefined) {
      const { message, hint } = explain(failure);
      throw new EngineError(message, { status: 200, ...origin, hint });
    }
    const { current, total } = line.progressDetail ?? {};
    yield {
      status: line.status ?? "",
      ...(line.id !== undefined && { id: line.id }),
      ...(current !== undefined && { current }),
      ...(total !== undefined && { total }),
    };
  }
}

/** Without a tag the engine would fetch every tag there is. */
function splitImage(image: string): { readonly repository: string; readonly tag: string } {
  const at = image.indexOf("@");
  if (at >= 0) return { repository: image.slice(0, at).replace(/:[^/:]*$/, ""), tag: image.slice(at + 1) };
  const colon = image.lastIndexOf(":");
  return colon > image.lastIndexOf("/")
    ? { repository: image.slice(0, colon), tag: image.slice(colon + 1) }
    : { repository: image, tag: "latest" };
}

// Builds and credentials bring libraries and processes with them that a mere `up` has no need of.

async function registryAuth(image: string, config: DockerConfig): Promise<Readonly<Record<string, string>>> {
  const { registryAuthHeader } = await import("../auth.ts");
  return { "X-Registry-Auth": await registryAuthHeader(image, config) };
}
