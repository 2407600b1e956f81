import type { Report, Source } from "../../model/diagnostic.ts";
import { errorAt } from "../blame.ts";
import type { YamlDocument } from "../yaml/read.ts";
import { codeFailure } from "./failure.ts";
import { readGraph } from "./graph.ts";
import { type RunOptions, startRunner } from "./run.ts";
import { codeDocument } from "./tree.ts";

/** compose.ts → trees. Mistakes are reported; the answer is undefined when nothing came of it. */
export async function readCode(
  source: Source,
  options: RunOptions,
  report: Report,
): Promise<readonly YamlDocument[] | undefined> {
  using runner = startRunner(source.path, options);
  const graph = await readGraph(source, report);
  if (graph === undefined) return undefined;
  const result = await runner.run(graph);
  if (result.kind === "failed") {
    report(codeFailure(result, graph));
    return undefined;
  }
  if (result.isMissing) {
    const hint = "write export default defineCompose({ services: { … } }), or a function that returns that";
    report(errorAt("the file exports no project", { code: "no-export", at: { source, start: 0, end: 0 }, hint }));
    return undefined;
  }
  return [codeDocument(result.value, graph, report)];
}
