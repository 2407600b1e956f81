import type { Report, Source } from "../../model/diagnostic.ts";
import { errorAt } from "../blame.ts";
import type { Tree, TreePath } from "../tree.ts";
import { readQuickly } from "./quick.ts";

/** One document of a YAML stream; every further one is an override of those before. */
export interface YamlDocument {
  /** An empty document is a null. */
  readonly root: Tree;
  /** Places that `!reset` or `!override` clears in what was said before; `!reset` values are not in `root` any more. */
  readonly cleared: readonly TreePath[];
}

/** Text → trees. Mistakes are reported; the answer is undefined when the text cannot be understood for them. */
export async function readYaml(source: Source, report: Report): Promise<readonly YamlDocument[] | undefined> {
  const problem = findUnreadable(source);
  if (problem !== undefined) {
    report(problem);
    return undefined;
  }
  const quick = readQuickly(source);
  if (quick !== undefined) return quick;
  const { composeYaml } = await import("./compose.ts");
  return composeYaml(source, report);
}

/** What a binary file or a wrong encoding looks like. */
function findUnreadable(source: Source): ReturnType<typeof errorAt> | undefined {
  const found = /[\0-\x08\v\f\x0e-\x1f\x7f\uFFFE\uFFFF]/.exec(source.text);
  if (found === null) return undefined;
  const code = `U+${found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
  return errorAt(`the file contains the control character ${code}`, {
    code: "control-character",
    at: { source, start: found.index, end: found.index + 1 },
    hint: "a Compose file is plain text; is this the right file?",
  });
}
