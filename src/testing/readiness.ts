import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

import { CancelledError } from "../model/error.ts";
import type { TestProject } from "./start-project.ts";

/** When a service can be used, besides being healthy. */
export type Readiness =
  /** Something listens at the port. */
  | { readonly port: number }
  /** A request is answered with 2xx, or with the status that is given. */
  | { readonly http: string; readonly port?: number; readonly status?: number }
  /** It has written a line like this. */
  | { readonly log: RegExp };

/** A service could not be used in time. */
export class NotReadyError extends Error {
  override readonly name: string = "NotReadyError";
  readonly service: string;
  readonly readiness: Readiness;
  /** The last that it wrote. */
  readonly logs: string;
  constructor(
    service: string,
    details: { readonly readiness: Readiness; readonly reason: string; readonly logs: string },
  ) {
    const { readiness, reason, logs } = details;
    super(`service "${service}" is not ready: ${describe(readiness)}: ${reason}${logs === "" ? "" : `\n${logs}`}`);
    this.service = service;
    this.readiness = readiness;
    this.logs = logs;
  }
}

export interface ReadinessRequest {
  readonly ready: Readonly<Record<string, Readiness | readonly Readiness[] | false>>;
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal | undefined;
}

export async function awaitReadiness(
  project: TestProject,
  { ready, timeoutSeconds, signal }: ReadinessRequest,
): Promise<void> {
  const deadline = Date.now() + timeoutSeconds * 1000;
  const { services } = project.share();
  const names = new Set([...Object.keys(services), ...Object.keys(ready)]);
  await Promise.all(
    [...names].flatMap((name) => {
      const ports = (services[name] ?? []).filter(({ protocol }) => protocol === "tcp");
      const given = ready[name] ?? ports.map(({ target }) => ({ port: target }));
      const wanted = given === false ? [] : [given].flat();
      return wanted.map((readiness) => awaitOne(project, { name, readiness, deadline, signal }));
    }),
  );
}

interface One {
  readonly name: string;
  readonly readiness: Readiness;
  readonly deadline: number;
  readonly signal: AbortSignal | undefined;
}

const pauseMs = 100;

async function awaitOne(project: TestProject, one: One): Promise<void> {
  for (;;) {
    const reason = await reasonAgainst(project, one);
    if (reason === undefined) return;
    if (one.signal?.aborted === true) throw new CancelledError();
    if (Date.now() > one.deadline) {
      const logs = await project.service(one.name).logs({ tail: 20 });
      throw new NotReadyError(one.name, { readiness: one.readiness, reason, logs });
    }
    await sleep(pauseMs);
  }
}

/** undefined: it is ready. */
async function reasonAgainst(project: TestProject, { name, readiness }: One): Promise<string | undefined> {
  const service = project.service(name);
  if ("log" in readiness) {
    const lines = (await service.logs()).split("\n");
    return lines.some((line) => readiness.log.test(line)) ? undefined : "no such line yet";
  }
  if ("http" in readiness) return whyNoAnswer(new URL(readiness.http, service.url(readiness.port)), readiness.status);
  return whyNoConnection(service.host, service.port(readiness.port));
}

async function whyNoAnswer(url: URL, status: number | undefined): Promise<string | undefined> {
  try {
    const response = await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(5000) });
    await response.body?.cancel();
    return (status === undefined ? response.ok : response.status === status) ? undefined : `status ${response.status}`;
  } catch (error) {
    return messageOf(error);
  }
}

/** A proxy in front of a container takes every connection, and drops those that nobody in there wants. */
const dropMs = 150;

function whyNoConnection(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (reason: string | undefined): void => {
      socket.destroy();
      resolve(reason);
    };
    // After a pause in which this process was busy itself, what has come meanwhile is heard before time is up.
    socket.once("connect", () => setTimeout(() => setImmediate(() => settle(undefined)), dropMs));
    socket.once("data", () => settle(undefined));
    socket.once("end", () => settle("connections are closed at once"));
    socket.once("error", (error) => settle(messageOf(error)));
  });
}

function describe(readiness: Readiness): string {
  if ("log" in readiness) return `a line like ${String(readiness.log)}`;
  if ("http" in readiness) return `an answer from ${readiness.http}`;
  return `port ${readiness.port}`;
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
