import { posix } from "node:path";

import { UsageError } from "../../model/error.ts";

/** The end of a path says what is meant: "a/." is what is inside of a, "a/" has to be a folder. */
export interface PathEnd {
  /** The last name; "." where the path's content is meant, "/" of the root. */
  readonly name: string;
  readonly contentOnly: boolean;
  readonly mustBeFolder: boolean;
}

export function pathEnd(path: string): PathEnd {
  const contentOnly = /(^|\/)\.$/.test(path);
  return {
    name: contentOnly ? "." : posix.basename(posix.normalize(path)) || "/",
    contentOnly,
    mustBeFolder: contentOnly || path.endsWith("/"),
  };
}

export interface CopySource {
  /** As the person wrote it. */
  readonly shown: string;
  readonly end: PathEnd;
  readonly isFolder: boolean;
}

export interface CopyTarget {
  readonly shown: string;
  /** Links in it are resolved. */
  readonly path: string;
  readonly is: "folder" | "file" | "missing";
  readonly mustBeFolder: boolean;
}

/** The folder it goes to and the name it gets there; "." is the folder itself. The rules of `cp -a`. */
export interface Placement {
  readonly folder: string;
  readonly name: string;
}

export function place(source: CopySource, target: CopyTarget): Placement {
  const content = source.end.name === "." || source.end.name === "/";
  if (target.is === "folder") return { folder: target.path, name: content ? "." : source.end.name };
  if (target.is === "file" && source.isFolder) {
    throw new UsageError(`cannot copy the folder ${source.shown} onto the file ${target.shown}`);
  }
  if (target.mustBeFolder && !source.isFolder) {
    throw new UsageError(`there is no folder ${target.shown}`, "make it first, or leave out the slash at the end");
  }
  const path = posix.normalize(target.path).replace(/\/+$/, "");
  return { folder: posix.dirname(path), name: posix.basename(path) };
}
