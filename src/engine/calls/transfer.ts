import type { IncomingMessage } from "node:http";

import { EngineError } from "../../model/error.ts";
import type { Connection } from "../connection.ts";
import type { TransferProgress } from "../engine.ts";
import type { Call } from "../transport/client.ts";
import type { Attempt } from "../transport/explain-transfer.ts";
import { jsonLines } from "../transport/json-lines.ts";
import { imagePath } from "./image-path.ts";

/** Between the engine and a registry; what passes there comes back line by line, with the credentials we send along. */
export async function* pullImage(
  connection: Connection,
  { image, platform }: { readonly image: string; readonly platform: string | undefined },
  signal: AbortSignal | undefined,
): AsyncGenerator<TransferProgress> {
  const { repository, tag } = splitImage(image);
  const query = { fromImage: repository, tag, platform };
  yield* transfer(connection, { verb: "pull", image, path: "/images/create", query, signal });
}

export async function* pushImage(
  connection: Connection,
  image: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<TransferProgress> {
  if (image.includes("@")) throw withDigest(image);
  const { repository, tag } = splitImage(image);
  yield* transfer(connection, { verb: "push", image, path: `${imagePath(repository)}/push`, query: { tag }, signal });
}

/** A digest is the registry's answer to a push. */
function withDigest(image: string): EngineError {
  return new EngineError("an image is pushed by its tag, and this name has a digest", {
    status: 0,
    operation: "push image",
    resource: `image ${image}`,
    hint: 'give the service an "image" without a digest',
  });
}

interface Transfer extends Pick<Call, "path" | "query" | "signal"> {
  readonly verb: "pull" | "push";
  readonly image: string;
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

async function* transfer({ client, config }: Connection, request: Transfer): AsyncGenerator<TransferProgress> {
  const { verb, image, path, query, signal } = request;
  // Credentials bring a process with them that a mere `up` has no need of.
  const { hub, registryAuthHeader, registryOf } = await import("../auth.ts");
  const { header, loggedIn } = await registryAuthHeader(image, config);
  const registry = registryOf(image);
  const attempt = { verb, image, registry: registry === hub ? "" : registry, loggedIn };
  const origin = { operation: `${verb} image`, resource: `image ${image}`, signal };
  let answer: IncomingMessage;
  try {
    answer = await client.stream({ ...origin, method: "POST", path, query, headers: { "X-Registry-Auth": header } });
  } catch (error) {
    throw await refusal(error, attempt, origin);
  }
  yield* progressLines(jsonLines(answer, origin), attempt, origin);
}

type Origin = Pick<Call, "operation" | "resource">;

interface TransferLine {
  readonly id?: string;
  readonly status?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  readonly error?: string;
  readonly errorDetail?: { readonly message?: string };
}

/** A failure comes as a line among the others, after the engine has said 200. */
async function* progressLines(
  lines: AsyncIterable<unknown>,
  attempt: Attempt,
  origin: Origin,
): AsyncGenerator<TransferProgress> {
  for await (const each of lines) {
    const line = each as TransferLine;
    const failure = line.errorDetail?.message ?? line.error;
    if (failure !== undefined) throw await registryFailure(failure, attempt, { ...origin, status: 200 });
    const { current, total } = line.progressDetail ?? {};
    yield {
      status: line.status ?? "",
      ...(line.id !== undefined && { id: line.id }),
      ...(current !== undefined && { current }),
      ...(total !== undefined && { total }),
    };
  }
}

/** Where the engine asks the registry before it answers us, the registry's failure is the engine's answer. */
async function refusal(error: unknown, attempt: Attempt, origin: Origin): Promise<unknown> {
  if (!(error instanceof EngineError) || error.status === 0 || error.said === undefined) return error;
  return registryFailure(error.said, attempt, { ...origin, status: error.status });
}

async function registryFailure(
  text: string,
  attempt: Attempt,
  origin: Origin & { readonly status: number },
): Promise<EngineError> {
  const { explainTransfer } = await import("../transport/explain-transfer.ts");
  const { message, hint, transient } = explainTransfer(text, attempt);
  return new EngineError(message, { ...origin, said: text, hint, transient });
}
