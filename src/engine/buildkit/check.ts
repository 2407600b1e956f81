import { resolve } from "node:path";

import type { Diagnostic, Source, Span } from "../../model/diagnostic.ts";
import type { BuildRequest } from "../engine.ts";
import { ask } from "./control.ts";
import { type BuildKit, buildFailure, openBuild } from "./open-build.ts";

/** What BuildKit finds questionable in a Dockerfile; nothing is built. */
export async function checkOverBuildKit(
  buildkit: BuildKit,
  request: BuildRequest,
  signal: AbortSignal | undefined,
): Promise<readonly Diagnostic[]> {
  const build = await openBuild(buildkit, request, signal);
  try {
    const { attributes: usual } = build.options;
    const caps = [usual.get("frontend.caps"), "moby.buildkit.frontend.subrequests"].filter(
      (each) => each !== undefined,
    );
    const attributes = new Map([...usual, ["requestid", "frontend.lint"], ["frontend.caps", caps.join(",")]]);
    const answer = (await ask(build.client, { ...build.options, attributes }, signal)).get("result.json");
    return diagnostics(JSON.parse(answer === undefined ? "{}" : Buffer.from(answer).toString()) as Lint, request);
  } catch (error) {
    throw buildFailure(error, request);
  } finally {
    build.close();
  }
}

/** The frontend's answer to "frontend.lint". */
interface Lint {
  readonly warnings?: readonly LintWarning[] | null;
  readonly sources?: readonly { readonly data?: string }[] | null;
  readonly buildError?: { readonly message: string; readonly location?: Location };
}

interface LintWarning {
  readonly ruleName: string;
  readonly detail?: string;
  readonly description?: string;
  readonly url?: string;
  readonly location?: Location;
}

interface Location {
  readonly sourceIndex?: number;
  readonly ranges?: readonly { readonly start?: { readonly line?: number } }[];
}

function diagnostics({ warnings, sources, buildError }: Lint, request: BuildRequest): Diagnostic[] {
  const files = (sources ?? []).map(({ data = "" }): Source => ({
    path: dockerfilePath(request),
    text: Buffer.from(data, "base64").toString(),
  }));
  const found = (warnings ?? []).map(({ ruleName, detail, description, url, location }): Diagnostic => ({
    code: ruleName,
    severity: "warning",
    message: `${detail ?? description ?? ""} (${ruleName})`,
    ...placed(location, files),
    ...(url !== undefined && { hint: url }),
  }));
  const errors = buildError === undefined ? [] : [errorOf(buildError, files)];
  return [...errors, ...found.toSorted((a, b) => (a.at?.start ?? 0) - (b.at?.start ?? 0))];
}

function errorOf({ message, location }: NonNullable<Lint["buildError"]>, files: readonly Source[]): Diagnostic {
  return { code: "build-check", severity: "error", message, ...placed(location, files) };
}

function dockerfilePath({ build }: BuildRequest): string {
  if (build.dockerfile_inline !== undefined) return "dockerfile_inline";
  return resolve(build.context ?? ".", build.dockerfile ?? "Dockerfile");
}

/** The whole line: BuildKit knows no columns. */
function placed(location: Location | undefined, files: readonly Source[]): { readonly at?: Span } {
  const source = files[location?.sourceIndex ?? 0];
  const line = location?.ranges?.[0]?.start?.line;
  if (source === undefined || line === undefined) return {};
  const lines = source.text.split("\n");
  const start = lines.slice(0, line - 1).reduce((length, each) => length + each.length + 1, 0);
  return { at: { source, start, end: start + (lines[line - 1]?.length ?? 0) } };
}
