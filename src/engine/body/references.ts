import { EngineError } from "../../model/error.ts";
import type { CreateContainer } from "../engine.ts";

type Referring = Pick<CreateContainer, "references" | "finalName">;

/** "service:db" → "container:<id of its first container>"; everything else as it is. */
export function namespaceMode(mode: string | undefined, request: Referring): string | undefined {
  if (mode?.startsWith("service:") !== true) return mode;
  return `container:${firstContainer(mode.slice("service:".length), request)}`;
}

/** "db:ro" → "<id>:ro", "container:name:ro" → "name:ro". docker compose loses the mode; we keep what the file asks for. */
export function volumesFrom(request: Referring & Pick<CreateContainer, "service">): readonly string[] | undefined {
  return request.service.volumes_from?.map((entry) => {
    if (entry.startsWith("container:")) return entry.slice("container:".length);
    const [service = "", mode] = entry.split(":", 2);
    const id = firstContainer(service, request);
    return mode === undefined ? id : `${id}:${mode}`;
  });
}

function firstContainer(service: string, request: Referring): string {
  const container = request.references.get(service)?.[0];
  if (container !== undefined) return container.id;
  throw new EngineError(`service "${service}", to which ${request.finalName} is tied, has no container`, {
    status: 404,
    operation: "create container",
    resource: `container ${request.finalName}`,
    hint: `start "${service}" first, or give it a scale of at least 1`,
  });
}
