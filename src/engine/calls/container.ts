import { EngineError } from "../../model/error.ts";
import { composeLabels } from "../../model/labels.ts";
import { containerBody } from "../body/container.ts";
import { readSecurityProfiles } from "../body/security.ts";
import type { Connection } from "../connection.ts";
import type { ContainerDetails, CreateContainer, Engine } from "../engine.ts";
import { type InspectedContainer, type ListedContainer, readInspected, readListed } from "../read/container.ts";
import { hasApi } from "../support.ts";
import type { Call } from "../transport/client.ts";
import { jsonLines } from "../transport/json-lines.ts";
import { connectOtherNetworks } from "./network.ts";
import { namePortHolder, type PortSearch } from "./port-holder.ts";

type ContainerCalls = Pick<
  Engine,
  | "listContainers"
  | "inspectContainer"
  | "createContainer"
  | "startContainer"
  | "stopContainer"
  | "restartContainer"
  | "killContainer"
  | "pauseContainer"
  | "unpauseContainer"
  | "renameContainer"
  | "removeContainer"
  | "waitContainer"
  | "topContainer"
>;

export function containerCalls(connection: Connection): ContainerCalls {
  const { client, names } = connection;
  /** A POST that needs no body and answers with none: most of what can be done to a container. */
  const act = (id: string, action: string, options: Pick<Call, "query" | "signal">): Promise<void> =>
    client.done({
      operation: `${action} container`,
      resource: names.resource(id),
      method: "POST",
      path: `/containers/${id}/${action}`,
      ...options,
    });
  return {
    listContainers: async ({ project, all, anybodys }, signal) => {
      const label = project === undefined ? composeLabels.project : `${composeLabels.project}=${project}`;
      return listContainers(connection, { all, filters: anybodys === true ? {} : { label: [label] } }, signal);
    },
    inspectContainer: async (id, signal) => inspectContainer(connection, id, signal),
    createContainer: (request, signal) => createContainer(connection, request, signal),
    async startContainer(id, signal) {
      try {
        await act(id, "start", { signal });
      } catch (error) {
        const list: PortSearch["list"] = (filter) => listContainers(connection, filter, signal);
        throw await namePortHolder(error, { list, here: connection.sameClock });
      }
    },
    stopContainer: (id, { timeoutSeconds }, signal) => act(id, "stop", { query: { t: timeoutSeconds }, signal }),
    restartContainer: (id, { timeoutSeconds }, signal) => act(id, "restart", { query: { t: timeoutSeconds }, signal }),
    killContainer: (id, killSignal, signal) => act(id, "kill", { query: { signal: killSignal }, signal }),
    pauseContainer: (id, signal) => act(id, "pause", { signal }),
    unpauseContainer: (id, signal) => act(id, "unpause", { signal }),
    async renameContainer(id, name, signal) {
      await act(id, "rename", { query: { name }, signal });
      names.remember(id, name);
    },
    removeContainer: (id, { volumes }, signal) => removeContainer(connection, { id, volumes }, signal),
    waitContainer: (id, condition, signal) => waitContainer(connection, { id, condition }, signal),
    async topContainer(id, signal) {
      const path = `/containers/${id}/top`;
      const answer = await client.json<{ Titles: readonly string[]; Processes: readonly (readonly string[])[] | null }>(
        { operation: "list processes", resource: names.resource(id), method: "GET", path, signal },
      );
      return { titles: answer.Titles, processes: answer.Processes ?? [] };
    },
  };
}

interface ListQuery {
  readonly all: boolean;
  readonly filters: Readonly<Record<string, readonly string[]>>;
}

async function listContainers({ client, names }: Connection, query: ListQuery, signal: AbortSignal | undefined) {
  const listed = await client.list<ListedContainer>({
    operation: "list containers",
    resource: "containers",
    method: "GET",
    path: "/containers/json",
    query: { all: query.all, filters: query.filters },
    signal,
  });
  const containers = listed.map(readListed);
  for (const each of containers) names.remember(each.id, each.name);
  return containers;
}

async function inspectContainer(
  connection: Connection,
  id: string,
  signal: AbortSignal | undefined,
): Promise<ContainerDetails> {
  const { client, names, info } = connection;
  const inspect = (): Promise<InspectedContainer> =>
    client.json<InspectedContainer>({
      operation: "inspect container",
      resource: names.resource(id),
      method: "GET",
      path: `/containers/${id}/json`,
      signal,
    });
  const raw = await inspect();
  const details = readInspected(info.podman === true ? await podmanHealth(connection, raw, inspect) : raw);
  names.remember(details.id, details.name);
  return info.podman === true ? { ...details, silent: true } : details;
}

async function podmanHealth(
  connection: Connection,
  raw: InspectedContainer,
  again: () => Promise<InspectedContainer>,
): Promise<InspectedContainer> {
  const { checkHealth } = await import("./podman-health.ts");
  return (await checkHealth(connection, raw)) ? again() : raw;
}

async function createContainer(connection: Connection, request: CreateContainer, signal: AbortSignal | undefined) {
  const { client, info, config, environment, names } = connection;
  const profiles = await readSecurityProfiles(request.service, request.project.workingDir);
  const body = containerBody(request, { info, config, profiles });
  const platform = request.service.platform ?? environment.get("DOCKER_DEFAULT_PLATFORM") ?? "";
  const created = await client.json<{ readonly Id: string; readonly Warnings: readonly string[] | null }>({
    operation: "create container",
    resource: `container ${request.finalName}`,
    method: "POST",
    path: "/containers/create",
    query: { name: request.name, platform: platform !== "" && hasApi(info, "1.41") ? platform : undefined },
    body,
    signal,
  });
  names.remember(created.Id, request.finalName);
  await connectOtherNetworks(connection, request, { container: created.Id, signal });
  return { id: created.Id, warnings: created.Warnings ?? [] };
}

interface Removal {
  readonly id: string;
  readonly volumes: boolean;
}

/** An engine that has got stuck in a removal says for ever that it is under way. */
const patienceMs = 10_000;

/** Who is told that it is gone finds its name and its volumes free. */
async function removeContainer(
  connection: Connection,
  removal: Removal,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (await removed(connection, removal, signal)) return;
  await removalByOthers(connection, removal.id, signal);
  // Who did not get through with it has left it to us.
  await removed(connection, removal, signal);
}

/** Somebody else may be removing it at this moment: the engine itself, of a container for one command. */
async function removalByOthers(connection: Connection, id: string, signal: AbortSignal | undefined): Promise<void> {
  const patience = AbortSignal.timeout(patienceMs);
  const both = signal === undefined ? patience : AbortSignal.any([signal, patience]);
  try {
    const { exitCode } = await waitContainer(connection, { id, condition: "removed" }, both);
    await exitCode;
  } catch (error) {
    // It is gone already, or it stays: the next removal tells.
    if (signal?.aborted === true) throw error;
  }
}

/** false: somebody else is at it. */
async function removed({ client, names }: Connection, removal: Removal, signal: AbortSignal | undefined) {
  try {
    await client.done({
      operation: "remove container",
      resource: names.resource(removal.id),
      method: "DELETE",
      path: `/containers/${removal.id}`,
      query: { force: true, v: removal.volumes },
      signal,
    });
    return true;
  } catch (error) {
    const status = error instanceof EngineError ? error.status : undefined;
    if (status === 404) return true;
    if (status === 409 && error instanceof EngineError && /removal of container/i.test(error.message)) return false;
    throw error;
  }
}

async function waitContainer(
  { client, names }: Connection,
  options: { readonly id: string; readonly condition: string },
  signal: AbortSignal | undefined,
): Promise<{ readonly exitCode: Promise<number> }> {
  // The engine begins its answer when it watches, and ends it when the container stops.
  const answer = await client.stream({
    operation: "wait for container",
    resource: names.resource(options.id),
    method: "POST",
    path: `/containers/${options.id}/wait`,
    query: { condition: options.condition },
    signal,
  });
  const exitCode = readExit(answer, names.resource(options.id), signal);
  exitCode.catch(() => {}); // told to who awaits it; nobody has to
  return { exitCode };
}

async function readExit(
  answer: AsyncIterable<Uint8Array>,
  resource: string,
  signal: AbortSignal | undefined,
): Promise<number> {
  for await (const line of jsonLines(answer, { operation: "wait for container", resource, signal })) {
    const { StatusCode, Error: error } = line as { StatusCode: number; Error?: { Message?: string } | null };
    if (error?.Message !== undefined && error.Message !== "")
      throw new EngineError(error.Message, { status: 0, operation: "wait for container", resource });
    return StatusCode;
  }
  throw new EngineError("the engine closed the connection before the container stopped", {
    status: 0,
    operation: "wait for container",
    resource,
  });
}
