import type { ObservedContainer } from "../model/observed.ts";
import type { Port, Service } from "../model/project.ts";

/** A port of the host that exactly one container can have. */
export interface HostPort {
  readonly ip: string;
  readonly port: number;
  readonly protocol: string;
}

/** Only fixed numbers: of a range, or of none, the engine picks one that is free. */
export function wantedPorts(service: Service): readonly HostPort[] {
  return (service.ports ?? []).flatMap((port) => fixedPort(port));
}

export function publishedPorts(container: ObservedContainer): readonly HostPort[] {
  return container.ports.flatMap(({ published, hostIp, protocol }) =>
    published === undefined ? [] : [{ ip: hostIp ?? "", port: published, protocol }],
  );
}

/** The first port that both want. */
export function sharedPort(some: readonly HostPort[], others: readonly HostPort[]): HostPort | undefined {
  return some.find((one) => others.some((other) => overlap(one, other)));
}

/** The engine gives out a range first come, first served: two starts at once may grab the same port. */
export function publishesRange(service: Service): boolean {
  return (service.ports ?? []).some(({ published }) => published?.includes("-"));
}

export function portText({ ip, port, protocol }: HostPort): string {
  return `${["", "0.0.0.0", "::"].includes(ip) ? "" : `${ip}:`}${port}${protocol === "tcp" ? "" : `/${protocol}`}`;
}

function fixedPort({ published, host_ip, protocol }: Port): readonly HostPort[] {
  const port = Number(published ?? "0");
  return Number.isInteger(port) && port > 0 ? [{ ip: host_ip ?? "", port, protocol }] : [];
}

function overlap(one: HostPort, other: HostPort): boolean {
  if (one.port !== other.port || one.protocol !== other.protocol) return false;
  return one.ip === other.ip || covers(one.ip, other.ip) || covers(other.ip, one.ip);
}

/** No address is every address of both families. */
function covers(wide: string, ip: string): boolean {
  if (wide === "") return true;
  return wide === (ip.includes(":") ? "::" : "0.0.0.0");
}
