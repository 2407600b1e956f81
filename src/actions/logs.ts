import { UsageError } from "../model/error.ts";
import { shortContainerName } from "../model/names.ts";
import type { Output, OutputLine, OutputSource } from "../model/output.ts";
import type { Project } from "../model/project.ts";
import type { ActionContext } from "./context.ts";
import { projectOfContainers } from "./known-project.ts";
import { type LogSource, projectLogs } from "./logs/follow.ts";
import { isOwnOrHook } from "./own-containers.ts";
import { checkServiceNames } from "./service-names.ts";

export interface LogsOptions {
  /** Empty: all but those that say `attach: false`. */
  readonly services: readonly string[];
  /** Go on until nothing runs any more. */
  readonly follow: boolean;
  /** Which container of the one service that is named; 0 is all, as docker compose has it. */
  readonly index?: number | undefined;
  /** So many lines of each container, from the end; absent: all. */
  readonly tail?: number | undefined;
  /** Seconds since the epoch, with a fraction. */
  readonly since?: string | undefined;
  /** The same. */
  readonly until?: string | undefined;
  /** Only lines that it finds something in, each looked at from its beginning. */
  readonly grep?: RegExp | undefined;
  /** A promise when the listener is slow: it wants nothing more before that resolves. */
  readonly onOutput: (output: Output) => Promise<void> | undefined;
}

/** What the project's containers write, in the order in which they wrote it. */
export async function logs(context: ActionContext, options: LogsOptions): Promise<void> {
  const { services, grep, onOutput } = options;
  const index = options.index === 0 ? undefined : options.index;
  if (index !== undefined && services.length !== 1) throw new UsageError("--index needs exactly one service");
  const [project, engine] = await Promise.all([projectOfContainers(context, services), context.engine()]);
  const all = await engine.listContainers({ project: project.name, all: true }, context.signal);
  const containers = all.filter((each) => isOwnOrHook(each));
  checkServiceNames(
    project,
    services,
    containers.map(({ service }) => service),
  );
  const wanted = ({ service, oneOff, number }: LogSource): boolean => {
    // A stranger that joins in under the project's label is of no service.
    if (oneOff || service === "" || (index !== undefined && number !== index)) return false;
    if (services.length > 0) return services.includes(service);
    const described = project.services.get(service);
    // Without a file all of the project's are known by what their containers say, those that join later, too.
    return described === undefined ? project.files.length === 0 : described.attach !== false;
  };
  if (index !== undefined && !containers.some((each) => wanted(each)))
    throw new UsageError(`service "${services[0] ?? ""}" has no container #${index}`);
  const describe = describeSource(project);
  const pieces = projectLogs(
    engine,
    {
      ...options,
      project: project.name,
      containers,
      wanted,
      onUnreadable: (source, { message }) => void onOutput({ kind: "unreadable", source: describe(source), message }),
    },
    context.signal,
  );
  for await (const piece of pieces) {
    const source = describe(piece.source);
    const output =
      piece.kind === "exited"
        ? ({ kind: "exited", source, ...piece.exit } as const)
        : linesOf(source, piece.lines, grep);
    const slow = onOutput(output);
    if (slow !== undefined) await slow;
  }
}

function linesOf(source: OutputSource, lines: readonly OutputLine[], grep: RegExp | undefined): Output {
  return {
    kind: "lines",
    source,
    lines: grep === undefined ? lines : lines.filter(({ text }) => text.search(grep) >= 0),
  };
}

/** One object a container, not one a line. */
function describeSource(project: Project): (source: LogSource) => OutputSource {
  const known = new Map<string, OutputSource>();
  return ({ id, name, service }) => {
    const found = known.get(id) ?? { id, name, service, label: shortContainerName(project, name) };
    known.set(id, found);
    return found;
  };
}
