import type { Engine } from "../engine/engine.ts";
import type { CommandResult } from "../library/captured.ts";
import type { Compose } from "../library/compose.ts";
import type { ExecCall } from "../library/options.ts";
import { UsageError } from "../model/error.ts";
import { explained } from "./explained.ts";
import type { SharedPort, SharedProject } from "./start-project.ts";

/** A service, seen from a test. */
export interface TestService {
  readonly name: string;
  /** Where its ports are reached. */
  readonly host: string;
  /** The host port for one of its own ports; it may be left out where there is only one. */
  port(target?: number, protocol?: "tcp" | "udp"): number;
  /** "http://127.0.0.1:49153" */
  url(target?: number, scheme?: string): string;
  /** What it has written so far. */
  logs(options?: { readonly tail?: number }): Promise<string>;
  exec(command: readonly string[], options?: ExecCall): Promise<CommandResult>;
}

export function makeService(name: string, { host, services }: SharedProject, compose: Compose): TestService {
  const ports = services[name];
  if (ports === undefined) {
    const known = Object.keys(services).toSorted().join(", ");
    throw explained(new UsageError(`no such service: ${name}`, `there are: ${known}`));
  }
  const port = (target?: number, protocol = "tcp"): number => pick(name, ports, { target, protocol });
  return {
    name,
    host,
    port,
    url: (target, scheme = "http") => `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port(target)}`,
    async logs({ tail } = {}) {
      const lines: string[] = [];
      const options = { services: [name], ...(tail !== undefined && { tail }) };
      for await (const { text } of compose.logs(options)) lines.push(`${text}\n`);
      return lines.join("");
    },
    exec: (command, options) => compose.exec(name, command, options),
  };
}

function pick(
  service: string,
  ports: readonly SharedPort[],
  { target, protocol }: { readonly target: number | undefined; readonly protocol: string },
): number {
  const found = ports.filter((each) => each.protocol === protocol && (target === undefined || each.target === target));
  const [first, ...more] = found;
  if (first !== undefined && more.length === 0) return first.published;
  const known = ports.map((each) => `${each.target}/${each.protocol}`).join(", ");
  const which = target === undefined ? "which port is meant" : `there is no port ${target}/${protocol}`;
  const hint = known === "" ? "it publishes none; add it to its ports" : `it publishes: ${known}`;
  throw explained(new UsageError(`service "${service}": ${which}`, hint));
}

/** Ports are published where the engine is. */
export function hostOf({ info }: Engine): string {
  return /^(?:tcp|https?|ssh):/.test(info.endpoint) ? new URL(info.endpoint).hostname : "127.0.0.1";
}
