import type { Readable } from "node:stream";

import { EngineError } from "../../model/error.ts";
import type { BuildProgress, BuildRequest } from "../engine.ts";
import { explain } from "../transport/explain.ts";
import { jsonLines } from "../transport/json-lines.ts";
import { packContext } from "./context.ts";
import { type RestBuild, restBuild } from "./request.ts";
import { decodeTrace } from "./trace.ts";

/** Posts to /build and resolves with the answer's body once the engine has begun to answer. */
export type PostBuild = (call: {
  readonly query: RestBuild["query"];
  readonly body: Readable | undefined;
  readonly signal: AbortSignal | undefined;
}) => Promise<Readable>;

export interface BuildTransport {
  readonly post: PostBuild;
  readonly buildkit: boolean;
}

/** Builds over the engine's REST call: BuildKit where the engine has it, the old builder elsewhere. */
export async function* buildOverRest(
  transport: BuildTransport,
  request: BuildRequest,
  signal?: AbortSignal,
): AsyncGenerator<BuildProgress> {
  const rest = await restBuild(request, transport.buildkit ? "2" : "1");
  for (const warning of rest.warnings) yield { kind: "output", text: `warning: ${warning}\n` };
  const body = rest.context === undefined ? undefined : await packContext(rest.context, signal);
  const image = request.tags[0] ?? "image";
  const origin = { operation: "build image", resource: `image ${image}`, signal };
  try {
    const answer = await transport.post({ query: rest.query, body, signal });
    for await (const line of jsonLines(answer, origin)) yield* progressOf(line as BuildLine, image);
  } finally {
    // Who gives up half way leaves a context that nobody reads to its end.
    body?.destroy();
  }
}

interface BuildLine {
  readonly stream?: string;
  readonly id?: string;
  readonly aux?: unknown;
  readonly error?: string;
  readonly errorDetail?: { readonly message?: string };
}

function* progressOf(line: BuildLine, image: string): Generator<BuildProgress> {
  const failure = line.errorDetail?.message ?? line.error;
  if (failure !== undefined) {
    const { message, hint } = explain(failure);
    throw new EngineError(message, { status: 200, operation: "build image", resource: `image ${image}`, hint });
  }
  if (line.stream !== undefined) yield { kind: "output", text: line.stream };
  if (line.id === "moby.buildkit.trace" && typeof line.aux === "string")
    yield* decodeTrace(Buffer.from(line.aux, "base64"));
  else if (hasImageId(line.aux)) yield { kind: "image", id: line.aux.ID };
}

function hasImageId(aux: unknown): aux is { readonly ID: string } {
  return typeof aux === "object" && aux !== null && "ID" in aux && typeof aux.ID === "string";
}
