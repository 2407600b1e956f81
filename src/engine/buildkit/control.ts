import type { GrpcClient } from "./grpc-client.ts";
import { bytesField, decodeMessage, encodeMessage, mapField, text } from "./protobuf.ts";

/** A cache or an exporter: its kind, and what it is to know. */
export interface Typed {
  readonly type: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** One build, as BuildKit takes it. */
export interface Solve {
  /** Names it to the status call. */
  readonly reference: string;
  readonly session: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly exporter: Typed | undefined;
  readonly cacheTo: readonly Typed[];
  readonly cacheFrom: readonly Typed[];
  readonly entitlements: readonly string[];
}

const frontend = "dockerfile.v0";

/** Resolves when everything is built and exported, with what the exporter says of it. */
export async function solve(
  client: GrpcClient,
  options: Solve,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, string>> {
  const { exporter } = options;
  const request = encodeMessage([
    [1, options.reference],
    // Engines before 25 know one exporter only, under these two numbers.
    [3, exporter?.type],
    [4, exporter?.attributes],
    [5, options.session],
    [6, frontend],
    [7, options.attributes],
    [8, encodeMessage([...options.cacheTo.map(cacheExport), ...options.cacheFrom.map(cacheImport)])],
    [9, options.entitlements],
    [13, exporter === undefined ? undefined : typed(exporter)],
  ]);
  const answer = decodeMessage(await client.call("moby.buildkit.v1.Control/Solve", request, { signal }));
  return new Map([...mapField(answer, 1)].map(([key, value]) => [key, text(value)]));
}

/** Messages of the type StatusResponse, until the build ends. */
export function status(client: GrpcClient, reference: string, signal: AbortSignal): AsyncGenerator<Buffer> {
  return client.stream("moby.buildkit.v1.Control/Status", encodeMessage([[1, reference]]), { signal });
}

function cacheExport(entry: Typed): readonly [number, Buffer] {
  return [4, typed(entry)];
}

function cacheImport(entry: Typed): readonly [number, Buffer] {
  return [5, typed(entry)];
}

function typed({ type, attributes }: Typed): Buffer {
  return encodeMessage([
    [1, type],
    [2, attributes],
  ]);
}

/**
 * The frontend's answer to a question about the Dockerfile, which builds nothing. Questions are asked within a build of
 * their own, which waits for our return.
 */
export async function ask(
  client: GrpcClient,
  options: Solve,
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Uint8Array>> {
  const metadata = { "buildkit-controlapi-buildid": options.reference };
  const internal = 11;
  const opened = encodeMessage([
    [1, options.reference],
    [5, options.session],
    [8, encodeMessage([])],
    [internal, true],
  ]);
  const waiting = client.call("moby.buildkit.v1.Control/Solve", opened, { signal });
  const failed = waiting.then(() => new Promise<never>(() => {}));
  const asking = client.call(`${bridge}/Solve`, question(options), { signal, metadata });
  try {
    const answer = decodeMessage(await Promise.race([asking, failed]));
    return mapField(decodeMessage(bytesField(answer, 3)), 10);
  } finally {
    const nothing = encodeMessage([[1, encodeMessage([])]]);
    await client.call(`${bridge}/Return`, nothing, { signal, metadata }).catch(() => {});
    await waiting.catch(() => {});
  }
}

const bridge = "moby.buildkit.v1.frontend.LLBBridge";

function question({ attributes }: Solve): Buffer {
  return encodeMessage([
    [2, frontend],
    [3, attributes],
    // Answers come as a map, rather than as something built.
    [5, true],
    [6, true],
  ]);
}
