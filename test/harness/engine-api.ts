// State checks of the tests, over the engine's HTTP API and nothing of src/: what we test must not grade itself.
import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

const host = process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock";

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly bytes: Buffer;
}

/** The parts of the engine's answers that tests look at. */
export interface ContainerState {
  readonly Id: string;
  readonly Name: string;
  readonly Image: string;
  readonly RestartCount: number;
  readonly State: {
    readonly Status: string;
    readonly Running: boolean;
    readonly Paused: boolean;
    readonly ExitCode: number;
    readonly StartedAt: string;
    readonly Health?: { readonly Status: string };
  };
  readonly Config: {
    readonly Image: string;
    readonly Env: readonly string[];
    readonly Cmd: readonly string[] | null;
    readonly Labels: Readonly<Record<string, string>>;
  };
  readonly HostConfig: Readonly<Record<string, unknown>>;
  readonly Mounts: readonly {
    readonly Type: string;
    readonly Name?: string;
    readonly Source: string;
    readonly Destination: string;
  }[];
  readonly NetworkSettings: {
    readonly Ports: Readonly<Record<string, readonly { readonly HostIp: string; readonly HostPort: string }[] | null>>;
    readonly Networks: Readonly<
      Record<string, { readonly Aliases: readonly string[] | null; readonly IPAddress: string }>
    >;
  };
}

export interface NamedResource {
  readonly Id?: string;
  readonly Name: string;
  readonly Labels: Readonly<Record<string, string>> | null;
}

export function call(
  method: string,
  path: string,
  body?: unknown,
  more: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const payload = body === undefined ? undefined : JSON.stringify(body);
  const headers = payload === undefined ? more : { ...more, "Content-Type": "application/json" };
  return new Promise((resolve, reject) => {
    const request = http.request({ ...address(), method, path, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const bytes = Buffer.concat(chunks);
        resolve({ status: response.statusCode ?? 0, text: bytes.toString(), bytes });
      });
      response.on("error", reject);
    });
    request.on("error", reject);
    request.end(payload);
  });
}

export async function get<T>(path: string): Promise<T> {
  const { status, text } = await call("GET", path);
  if (status !== 200) throw new Error(`GET ${path}: ${status} ${text.trim()}`);
  return JSON.parse(text) as T;
}

/** By name or id; undefined when there is none. */
export async function inspectContainer(name: string): Promise<ContainerState | undefined> {
  const path = `/containers/${name}/json`;
  const { status, text } = await call("GET", path);
  if (status !== 200 && status !== 404) throw new Error(`GET ${path}: ${status} ${text.trim()}`);
  return status === 200 ? (JSON.parse(text) as ContainerState) : undefined;
}

/** All of a project, stopped ones too, sorted by name; names without the leading slash. */
export async function containersOf(project: string): Promise<readonly ContainerState[]> {
  const list = await get<readonly { readonly Id: string }[]>(`/containers/json?all=1&${labelled(project)}`);
  const details = await Promise.all(list.map(({ Id }) => inspectContainer(Id)));
  return details
    .filter((each) => each !== undefined)
    .map((each) => ({ ...each, Name: each.Name.slice(1) }))
    .sort((a, b) => (a.Name < b.Name ? -1 : 1));
}

/** Where a port of a container is published on this machine: "http://127.0.0.1:32768". */
export async function addressOf(container: string, port: number): Promise<string> {
  const ports = (await inspectContainer(container))?.NetworkSettings.Ports[`${port}/tcp`];
  const [binding] = ports ?? [];
  if (binding === undefined) throw new Error(`${container} does not publish port ${port}`);
  return `http://127.0.0.1:${binding.HostPort}`;
}

/** The page's text, once it answers: a container that runs does not listen yet. */
export async function fetchPage(url: string, timeoutMs = 40_000): Promise<string> {
  for (const end = Date.now() + timeoutMs; ; await sleep(50)) {
    // Who is asked twice counts twice: only what hangs is given up.
    const response = await fetch(url, { signal: AbortSignal.timeout(20_000) }).catch(() => undefined);
    if (response?.ok === true) return response.text();
    if (Date.now() > end) throw new Error(`${url} does not answer: ${response?.status ?? "no connection"}`);
  }
}

/**
 * The engine goes on with what it was asked for last, also for one who is gone: resolves when every container of the
 * project that was told to stop since then has done so. Seconds since the epoch, by the engine's clock.
 */
export async function settled(project: string, since: number): Promise<void> {
  const filters = JSON.stringify({ label: [`com.docker.compose.project=${project}`], event: ["kill", "die", "start"] });
  for (const end = Date.now() + 30_000; ; await sleep(100)) {
    const until = (Date.now() / 1000).toFixed(3);
    const { text } = await call("GET", `/events?since=${since}&until=${until}&filters=${encodeURIComponent(filters)}`);
    const last = new Map<string, string>();
    for (const line of text.split("\n").filter((each) => each !== "")) {
      const event = JSON.parse(line) as { readonly Action: string; readonly Actor: { readonly ID: string } };
      last.set(event.Actor.ID, event.Action);
    }
    const dying = [...last].filter(([, action]) => action === "kill").map(([id]) => inspectContainer(id));
    if ((await Promise.all(dying)).every((each) => each?.State.Running !== true)) return;
    if (Date.now() > end) throw new Error(`containers of ${project} that were told to stop still run`);
  }
}

export async function networksOf(project: string): Promise<readonly NamedResource[]> {
  return get(`/networks?${labelled(project)}`);
}

export async function volumesOf(project: string): Promise<readonly NamedResource[]> {
  const { Volumes } = await get<{ readonly Volumes: readonly NamedResource[] | null }>(`/volumes?${labelled(project)}`);
  return Volumes ?? [];
}

/** Both streams, frames taken apart, in the order in which the engine kept them. */
export async function logsOf(container: string): Promise<string> {
  const { Config } = await get<{ readonly Config: { readonly Tty: boolean } }>(`/containers/${container}/json`);
  const { bytes } = await call("GET", `/containers/${container}/logs?stdout=1&stderr=1`);
  return Config.Tty ? bytes.toString() : demultiplex(bytes);
}

/** What a command prints inside a running container, on both streams. */
export async function runInside(container: string, ...command: string[]): Promise<string> {
  const request = { AttachStdout: true, AttachStderr: true, Cmd: command };
  const created = await call("POST", `/containers/${container}/exec`, request);
  if (created.status !== 201) throw new Error(created.text);
  const { Id } = JSON.parse(created.text) as { readonly Id: string };
  return demultiplex((await call("POST", `/exec/${Id}/start`, { Detach: false })).bytes);
}

function labelled(project: string): string {
  return `filters=${encodeURIComponent(JSON.stringify({ label: [`com.docker.compose.project=${project}`] }))}`;
}

/** Each frame: one byte stream, three zero, four of length. */
function demultiplex(raw: Buffer): string {
  const parts: string[] = [];
  for (let at = 0; at + 8 <= raw.length;) {
    const length = raw.readUInt32BE(at + 4);
    parts.push(raw.toString("utf8", at + 8, at + 8 + length));
    at += 8 + length;
  }
  return parts.join("");
}

function address(): http.RequestOptions {
  if (host.startsWith("unix://")) return { socketPath: host.slice("unix://".length) };
  const url = new URL(host.replace(/^tcp:/, "http:"));
  return { host: url.hostname, port: url.port };
}
