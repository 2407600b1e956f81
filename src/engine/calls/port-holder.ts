import { EngineError } from "../../model/error.ts";
import type { ObservedContainer } from "../../model/observed.ts";
import { takenAddress } from "../transport/explain.ts";
import { processOnPort } from "./port-process.ts";

type List = (query: {
  readonly all: boolean;
  readonly filters: Readonly<Record<string, readonly string[]>>;
}) => Promise<readonly ObservedContainer[]>;

export interface PortSearch {
  readonly list: List;
  /** The engine is on our machine. */
  readonly here: boolean;
}

/** "Address in use" helps nobody: says who uses it, a container by its name, or else a process: by its name where the engine is `here`, on our machine. */
export async function namePortHolder(failure: unknown, { list, here }: PortSearch): Promise<unknown> {
  const cause = failure instanceof EngineError && failure.cause instanceof Error ? failure.cause.message : "";
  const address = takenAddress(cause);
  if (!(failure instanceof EngineError) || address === undefined) return failure;
  const port = address.slice(address.lastIndexOf(":") + 1);
  // Looking for the holder is a courtesy: if that fails, too, the first failure is the one to report.
  const holders = await list({ all: false, filters: { publish: [port] } }).catch(() => []);
  const [holder] = holders;
  const details = { status: failure.status, operation: failure.operation, resource: failure.resource, cause: failure };
  if (holder === undefined) {
    const process = here ? await processOnPort(Number(port)) : undefined;
    const search = process === undefined ? `find it with "ss -ltnup 'sport = :${port}'" and stop it` : "stop it";
    return new EngineError(`the port ${address} is taken by ${process ?? "a process on the engine's machine"}`, {
      ...details,
      hint: `${search}, publish another port, or let --auto-ports find one`,
    });
  }
  const owner = holder.project === "" ? "" : ` of the project ${holder.project}`;
  return new EngineError(`the port ${address} is taken by the container ${holder.name}${owner}`, {
    ...details,
    hint: "stop that container, publish another port, or let --auto-ports find one",
  });
}
