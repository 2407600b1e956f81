import { CancelledError } from "../../model/error.ts";
import { decodeTrace } from "../build/trace.ts";
import type { BuildProgress, BuildRequest } from "../engine.ts";
import { type Solve, solve, status, type Typed } from "./control.ts";
import { failedLines } from "./failed-lines.ts";
import type { GrpcClient } from "./grpc-client.ts";
import { GrpcError } from "./grpc.ts";
import { tagLocalCaches } from "./local-stores.ts";
import { type BuildKit, buildFailure, openBuild } from "./open-build.ts";

/** Builds as docker's own client does, and tells what happens meanwhile. */
export async function* buildOverBuildKit(
  buildkit: BuildKit,
  request: BuildRequest,
  signal: AbortSignal | undefined,
): AsyncGenerator<BuildProgress> {
  const build = await openBuild(buildkit, request, signal);
  try {
    yield* run(build.client, { ...build.options, exporter: exporterOf(request.tags) }, { request, signal });
  } finally {
    build.close();
  }
}

interface Asked {
  readonly request: BuildRequest;
  readonly signal: AbortSignal | undefined;
}

/** Into the engine's own images, under these names. */
function exporterOf(tags: readonly string[]): Typed {
  return { type: "moby", attributes: new Map([["name", tags.join(",")]]) };
}

async function* run(client: GrpcClient, options: Solve, { request, signal }: Asked): AsyncGenerator<BuildProgress> {
  const over = new AbortController();
  const solved = solve(client, options, signal).then(
    (answer) => ({ kind: "built", answer }) as const,
    (error: unknown) => ({ kind: "failed", error }) as const,
  );
  void solved.then(() => endLater(over));
  yield* trace(client, options.reference, over.signal);
  const result = await solved;
  if (result.kind === "failed") {
    if (result.error instanceof GrpcError) yield* failedLines(result.error, request);
    throw signal?.aborted === true ? new CancelledError() : buildFailure(result.error, request);
  }
  await tagLocalCaches(options.cacheTo, result.answer);
  const id = result.answer.get("containerimage.digest");
  if (id !== undefined) yield { kind: "image", id };
}

/** A build that never began has no end that the engine could tell. */
const patienceMs = 2000;

function endLater(over: AbortController): void {
  setTimeout(() => over.abort(), patienceMs).unref();
}

/** What is lost of the progress is no reason to fail: the solve call knows how the build ended. */
async function* trace(client: GrpcClient, reference: string, signal: AbortSignal): AsyncGenerator<BuildProgress> {
  try {
    for await (const message of status(client, reference, signal)) yield* decodeTrace(message);
  } catch (error) {
    if (!(error instanceof GrpcError || error instanceof CancelledError)) throw error;
  }
}
