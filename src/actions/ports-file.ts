import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

import type { Port, Project } from "../model/project.ts";

export interface ChosenPort {
  readonly service: string;
  readonly port: Port;
  /** What the file says. */
  readonly preferred: number;
  readonly published: number;
}

/** For other programs, in the project's folder. */
const folder = ".tscompose";

/** `.tscompose/ports.env` and `ports.json`: on which host port each service is reached. */
export async function writePorts(project: Project, chosen: readonly ChosenPort[]): Promise<void> {
  const target = path.join(project.workingDir, folder);
  await mkdir(target, { recursive: true });
  await writeFile(path.join(target, ".gitignore"), "*\n");
  await writeFile(path.join(target, "ports.env"), portsEnv(chosen));
  await writeFile(path.join(target, "ports.json"), portsJson(project.name, chosen));
}

/** WEB_PORT for the first one of a service, WEB_PORT_80 and DNS_PORT_53_UDP for each. */
export function portsEnv(chosen: readonly ChosenPort[]): string {
  const variables = new Map<string, number>();
  for (const { service, port, published } of chosen) {
    const name = `${service.toUpperCase().replaceAll(/[^A-Z0-9]/g, "_")}_PORT`;
    const protocol = port.protocol === "tcp" ? "" : `_${port.protocol.toUpperCase()}`;
    if (!variables.has(name)) variables.set(name, published);
    variables.set(`${name}_${port.target}${protocol}`, published);
  }
  return [...variables].map(([name, value]) => `${name}=${value}\n`).join("");
}

function portsJson(project: string, chosen: readonly ChosenPort[]): string {
  const services: Record<string, unknown[]> = {};
  for (const { service, port, preferred, published } of chosen) {
    const { target, protocol, host_ip } = port;
    (services[service] ??= []).push({ target, protocol, host: host_ip ?? "localhost", preferred, published });
  }
  return `${JSON.stringify({ project, services }, undefined, 2)}\n`;
}
