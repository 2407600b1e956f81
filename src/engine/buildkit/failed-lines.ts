import type { BuildProgress, BuildRequest } from "../engine.ts";
import type { GrpcError } from "./grpc.ts";

/** BuildKit's errdefs.Source, which travels as JSON. */
interface Source {
  readonly info?: { readonly filename?: string; readonly data?: string };
  readonly ranges?: readonly { readonly start?: Position; readonly end?: Position }[];
}

interface Position {
  readonly line?: number;
}

/** The lines of the Dockerfile that a failure is about, as BuildKit sends them with it. */
export function* failedLines({ details }: GrpcError, request: BuildRequest): Generator<BuildProgress> {
  for (const { type, value } of details) {
    if (!type.endsWith("errdefs.Source+json")) continue;
    const { info, ranges = [] } = JSON.parse(Buffer.from(value).toString()) as Source;
    if (info?.data === undefined || ranges.length === 0) continue;
    const lines = Buffer.from(info.data, "base64").toString().trimEnd().split("\n");
    yield {
      kind: "source",
      file: fileName(request, info.filename ?? "Dockerfile"),
      lines: excerpt(lines, ranges.map(lineRange)),
    };
    return;
  }
}

/** As it is written in the Compose file; BuildKit knows the last part of the path only. */
function fileName({ build }: BuildRequest, known: string): string {
  return build.dockerfile_inline === undefined ? (build.dockerfile ?? known) : "dockerfile_inline";
}

interface LineRange {
  readonly start: number;
  readonly end: number;
}

function lineRange({ start, end }: { readonly start?: Position; readonly end?: Position }): LineRange {
  const first = start?.line ?? 1;
  return { start: first, end: Math.max(first, end?.line ?? first) };
}

/** Two lines before and after are enough to find the place. */
const around = 2;

function excerpt(
  lines: readonly string[],
  ranges: readonly LineRange[],
): readonly { readonly number: number; readonly text: string; readonly failed: boolean }[] {
  const first = Math.min(...ranges.map(({ start }) => start)) - around;
  const last = Math.max(...ranges.map(({ end }) => end)) + around;
  return lines
    .map((text, index) => ({
      number: index + 1,
      text,
      failed: ranges.some(({ start, end }) => index + 1 >= start && index + 1 <= end),
    }))
    .filter(({ number }) => number >= first && number <= last);
}
