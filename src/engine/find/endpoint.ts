import { EngineError } from "../../model/error.ts";

/** Where an engine may answer, and who says so. */
export interface Candidate {
  /** "unix:///var/run/docker.sock", as a person writes it. */
  readonly url: string;
  /** "DOCKER_HOST", `the context "prod"`, "the default place". */
  readonly origin: string;
  readonly tls?: TlsMaterial | undefined;
}

/** PEM texts; without `verify` the engine's certificate is taken as it is. */
export interface TlsMaterial {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly verify: boolean;
}

export type Endpoint =
  | { readonly kind: "socket"; readonly path: string }
  | {
      readonly kind: "tcp";
      readonly host: string;
      readonly port: number;
      readonly basePath: string;
      readonly tls?: TlsMaterial | undefined;
    }
  | {
      readonly kind: "ssh";
      readonly host: string;
      readonly port?: number | undefined;
      readonly user?: string | undefined;
      readonly socket: string;
    };

const remoteSocket = "/var/run/docker.sock";

export function parseEndpoint(candidate: Candidate): Endpoint {
  const url = candidate.url.includes("://") ? candidate.url : `tcp://${candidate.url}`;
  const [scheme = "", rest = ""] = url.split("://", 2);
  if (scheme === "unix" || scheme === "npipe") {
    if (rest === "") throw unusable(candidate, "names no socket");
    return { kind: "socket", path: rest };
  }
  if (scheme === "ssh") return sshEndpoint(candidate, url);
  if (scheme === "tcp" || scheme === "http" || scheme === "https") return tcpEndpoint(candidate, url, scheme);
  throw unusable(candidate, `has the scheme "${scheme}", but an engine is reached by unix, npipe, tcp, https or ssh`);
}

function tcpEndpoint(candidate: Candidate, text: string, scheme: "tcp" | "http" | "https"): Endpoint {
  // "tcp://:2375" is this machine.
  const whole = text.replace(/^(https?|tcp):\/\/(?=:|\/|$)/, "$&localhost");
  const url = parsed(candidate, whole.replace(/^tcp:/, "http:"));
  const tls = candidate.tls ?? (scheme === "https" ? { verify: true } : undefined);
  const port = url.port === "" ? standardPort(scheme, tls !== undefined) : Number(url.port);
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  return { kind: "tcp", host, port, basePath: url.pathname.replace(/\/+$/, ""), tls };
}

function standardPort(scheme: "tcp" | "http" | "https", secure: boolean): number {
  if (scheme === "http") return 80;
  if (scheme === "https") return 443;
  return secure ? 2376 : 2375;
}

function sshEndpoint(candidate: Candidate, text: string): Endpoint {
  const url = parsed(candidate, text);
  if (url.password !== "") throw unusable(candidate, "holds a password, which ssh does not take; use a key");
  const socket = url.pathname === "" || url.pathname === "/" ? remoteSocket : url.pathname;
  return {
    kind: "ssh",
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? undefined : Number(url.port),
    user: url.username === "" ? undefined : decodeURIComponent(url.username),
    socket,
  };
}

function parsed(candidate: Candidate, text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.hostname === "") throw unusable(candidate, "is no address of an engine");
  return url;
}

function unusable(candidate: Candidate, what: string): EngineError {
  // A password in an address must not end up in somebody's log.
  const url = candidate.url.replace(/\/\/([^/@:]*):[^/@]*@/, "//$1:***@");
  return new EngineError(`${candidate.origin}: "${url}" ${what}`, {
    status: 0,
    operation: "find engine",
    resource: "engine",
    hint: 'write it as "unix:///var/run/docker.sock", "tcp://host:2376" or "ssh://user@host"',
  });
}
