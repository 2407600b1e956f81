import { isAbsolute } from "node:path";

import { UsageError } from "../../model/error.ts";

/** What is copied where. A local path "-" is a tar archive on standard input or output. */
export interface Copy {
  readonly direction: "in" | "out";
  readonly service: string;
  /** In the container, from its root on. */
  readonly inside: string;
  readonly local: string;
}

export function readCopy(source: string, destination: string): Copy {
  const from = readEndpoint(source);
  const to = readEndpoint(destination);
  if (from.service !== undefined && to.service !== undefined) {
    throw new UsageError(
      "both paths are in containers, and one has to be on this machine",
      `pass it on: tscompose cp ${source} - | tscompose cp - ${destination}`,
    );
  }
  if (from.service !== undefined && from.path === "")
    throw new UsageError(`"${source}" does not say what to copy`, `write ${source}/ for all that is in the container`);
  if (from.service !== undefined)
    return { direction: "out", service: from.service, inside: rooted(from.path), local: to.path };
  if (to.service !== undefined)
    return { direction: "in", service: to.service, inside: rooted(to.path), local: from.path };
  throw new UsageError("neither of the paths is in a container", "write SERVICE:PATH for the one that is");
}

/** A relative path on this machine begins at the folder; how it ends has a meaning, and stays. */
export function anchored(text: string, folder: string): string {
  const isRelative = readEndpoint(text).service === undefined && text !== "-" && !isAbsolute(text);
  return isRelative ? `${folder}/${text}` : text;
}

interface Endpoint {
  readonly service: string | undefined;
  readonly path: string;
}

/** "./file:name" and "/file:name" are local files, whatever the colon. */
function readEndpoint(text: string): Endpoint {
  const [, service, path] = /^([^:]*):(.*)$/s.exec(text) ?? [];
  const local = service === undefined || path === undefined || service.startsWith(".") || isAbsolute(text);
  return local ? { service: undefined, path: text } : { service, path };
}

function rooted(path: string): string {
  return path.startsWith("/") ? path : `/${path}`;
}
