import { EngineError } from "../../model/error.ts";
import type { ObservedContainer } from "../../model/observed.ts";
import { takenAddress } from "../transport/explain.ts";

type List = (query: {
  readonly all: boolean;
  readonly filters: Readonly<Record<string, readonly string[]>>;
}) => Promise<readonly ObservedContainer[]>;

/** "Address in use" helps nobody: says who uses it, a container by its name, or else some process of the host. */
export async function namePortHolder(failure: unknown, list: List): Promise<unknown> {
  const cause = failure instanceof EngineError && failure.cause instanceof Error ? failure.cause.message : "";
  const address = takenAddress(cause);
  if (!(failure instanceof EngineError) || address === undefined) return failure;
  const port = address.slice(address.lastIndexOf(":") + 1);
  // Looking for the holder is a courtesy: if that fails, too, the first failure is the one to report.
  const holders = await list({ all: false, filters: { publish: [port] } }).catch(() => []);
  const [holder] = holders;
  const details = { status: failure.status, operation: failure.operation, resource: failure.resource, cause: failure };
  if (holder === undefined)
    return new EngineError(`the port ${address} is taken by a process on the engine's machine`, {
      ...details,
      hint: `find it with "ss -ltnup 'sport = :${port}'" and stop it, publish another port, or let --auto-ports find one`,
    });
  const owner = holder.project === "" ? "" : ` of the project ${holder.project}`;
  return new EngineError(`the port ${address} is taken by the container ${holder.name}${owner}`, {
    ...details,
    hint: "stop that container, publish another port, or let --auto-ports find one",
  });
}
