import { EngineError } from "../../model/error.ts";
import { composeLabels } from "../../model/labels.ts";
import type { ObservedNetwork } from "../../model/observed.ts";
import { serviceEndpoints } from "../body/endpoints.ts";
import { networkBody } from "../body/network.ts";
import type { Connection } from "../connection.ts";
import type { ConnectNetwork, CreateContainer, Engine } from "../engine.ts";
import { connectsManyAtOnce } from "../support.ts";
import { nameSubnetHolder } from "./subnet-holder.ts";

type NetworkCalls = Pick<
  Engine,
  "listNetworks" | "findNetwork" | "createNetwork" | "removeNetwork" | "connectNetwork" | "disconnectNetwork"
>;

interface ListedNetwork {
  readonly Id: string;
  readonly Name: string;
  readonly Driver: string;
  readonly Labels: Readonly<Record<string, string>> | null;
}

export function networkCalls(connection: Connection): NetworkCalls {
  const { client } = connection;
  const list = async (filters: object, signal: AbortSignal | undefined): Promise<readonly ObservedNetwork[]> => {
    const call = { operation: "list networks", resource: "networks", method: "GET", path: "/networks" } as const;
    return (await client.list<ListedNetwork>({ ...call, query: { filters }, signal })).map(readNetwork);
  };
  return {
    listNetworks: ({ project }, signal) =>
      list(project === undefined ? {} : { label: [`${composeLabels.project}=${project}`] }, signal),
    findNetwork: (name, signal) => findNetwork(list, name, signal),
    createNetwork: (network, labels, signal) => createNetwork(connection, { network, labels }, signal),
    removeNetwork: (id, signal) => removeNetwork(connection, id, signal),
    async connectNetwork(network, request, signal) {
      const endpoint = endpointOn(connection, network, request);
      await connectTo(connection, { ...endpoint, container: request.container, signal });
    },
    async disconnectNetwork(network, container, signal) {
      await client.done({
        operation: "disconnect network",
        resource: `network ${network}`,
        method: "POST",
        path: `/networks/${encodeURIComponent(network)}/disconnect`,
        body: { Container: container, Force: true },
        signal,
      });
    },
  };
}

function readNetwork(raw: ListedNetwork): ObservedNetwork {
  return { id: raw.Id, name: raw.Name, driver: raw.Driver, labels: new Map(Object.entries(raw.Labels ?? {})) };
}

/** The engine's filter matches parts of names, and its inspect matches parts of ids; only the exact one counts. */
async function findNetwork(
  list: (filters: object, signal: AbortSignal | undefined) => Promise<readonly ObservedNetwork[]>,
  name: string,
  signal: AbortSignal | undefined,
): Promise<ObservedNetwork | undefined> {
  const named = (await list({ name: [name] }, signal)).filter((each) => each.name === name);
  if (named.length > 1)
    throw new EngineError(`there are ${named.length} networks called "${name}"`, {
      status: 0,
      operation: "find network",
      resource: `network ${name}`,
      hint: `remove or rename all but one: ${named.map((each) => each.id.slice(0, 12)).join(", ")}`,
    });
  if (named[0] !== undefined || !/^[0-9a-f]{12,64}$/.test(name)) return named[0];
  return (await list({ id: [name] }, signal)).find((each) => each.id === name);
}

async function createNetwork(
  { client, info }: Connection,
  { network, labels }: { network: Parameters<typeof networkBody>[0]; labels: ReadonlyMap<string, string> },
  signal: AbortSignal | undefined,
): Promise<string> {
  const call = { operation: "create network", resource: `network ${network.name}`, signal } as const;
  try {
    const body = networkBody(network, labels, info);
    const created = await client.json<{ readonly Id: string }>({
      ...call,
      method: "POST",
      path: "/networks/create",
      body,
    });
    return created.Id;
  } catch (error) {
    throw await nameSubnetHolder(error, network, () => client.list({ ...call, method: "GET", path: "/networks" }));
  }
}

async function removeNetwork({ client }: Connection, id: string, signal: AbortSignal | undefined) {
  try {
    await client.done({
      operation: "remove network",
      resource: `network ${id}`,
      method: "DELETE",
      path: `/networks/${encodeURIComponent(id)}`,
      signal,
    });
    return "removed";
  } catch (error) {
    if (error instanceof EngineError && error.status === 404) return "absent";
    if (error instanceof EngineError && /has active endpoints/.test(error.message)) return "in use";
    throw error;
  }
}

interface Endpoint {
  readonly network: string;
  readonly settings: object;
}

/** The network may be given by its key or by its name; aliases, addresses and links go with it. */
function endpointOn({ info }: Connection, network: string, request: ConnectNetwork): Endpoint {
  const endpoints = serviceEndpoints({ labels: new Map(), references: new Map(), ...request }, info);
  const own = endpoints.find((each) => each.key === network || each.network === network);
  return own ?? { network: request.project.networks.get(network)?.name ?? network, settings: {} };
}

async function connectTo(
  { client, names }: Connection,
  options: Endpoint & { readonly container: string; readonly signal: AbortSignal | undefined },
): Promise<void> {
  await client.done({
    operation: "connect network",
    resource: names.resource(options.container),
    method: "POST",
    path: `/networks/${encodeURIComponent(options.network)}/connect`,
    body: { Container: options.container, EndpointConfig: options.settings },
    signal: options.signal,
  });
}

/** Engines before 25 take one network at creation; the others follow before the container starts, or it goes again. */
export async function connectOtherNetworks(
  connection: Connection,
  request: CreateContainer,
  options: { readonly container: string; readonly signal: AbortSignal | undefined },
): Promise<void> {
  if (connectsManyAtOnce(connection.info)) return;
  const [, ...others] = serviceEndpoints(request, connection.info);
  try {
    for (const { network, settings } of others) await connectTo(connection, { network, settings, ...options });
  } catch (error) {
    await connection.client.done({
      operation: "remove container",
      resource: connection.names.resource(options.container),
      method: "DELETE",
      path: `/containers/${options.container}`,
      query: { force: true, v: true },
    });
    throw error;
  }
}
