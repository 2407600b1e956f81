import { type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";

import { CancelledError, EngineError } from "../../model/error.ts";
import type { Endpoint } from "../find/endpoint.ts";

export interface Tunnel {
  /** A local socket that leads to the engine's. */
  readonly socket: string;
  close(): Promise<void>;
}

type SshEndpoint = Extract<Endpoint, { kind: "ssh" }>;

/**
 * One ssh process for the whole run, which forwards a local socket: every request is a channel of the same connection,
 * however many there are. The user's own ssh does it, so keys, agents, jump hosts and known hosts work as they do
 * elsewhere. The remote `cat` says when the forwarding stands, and ends ssh when we end, even if we are killed.
 */
export async function openTunnel(endpoint: SshEndpoint, signal?: AbortSignal): Promise<Tunnel> {
  const folder = await mkdtemp(join(tmpdir(), "tscompose-ssh-"));
  const socket = join(folder, "engine.sock");
  const ssh = spawn("ssh", sshArguments(endpoint, socket), { stdio: ["pipe", "pipe", "pipe"] });
  const close = async (): Promise<void> => {
    ssh.kill();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await standing(ssh, endpoint, signal);
  } catch (error) {
    await close();
    throw error;
  }
  // The tunnel alone must not keep the program alive, and neither must its pipes.
  ssh.unref();
  for (const pipe of [ssh.stdin, ssh.stdout, ssh.stderr]) if (pipe instanceof Socket) pipe.unref();
  return { socket, close };
}

function sshArguments(endpoint: SshEndpoint, socket: string): string[] {
  return [
    "-o",
    "ConnectTimeout=30",
    "-o",
    "ExitOnForwardFailure=yes",
    "-T",
    "-L",
    `${socket}:${endpoint.socket}`,
    ...(endpoint.user === undefined ? [] : ["-l", endpoint.user]),
    ...(endpoint.port === undefined ? [] : ["-p", String(endpoint.port)]),
    "--",
    endpoint.host,
    "echo ready && cat",
  ];
}

function standing(
  ssh: ChildProcessByStdio<Writable, Readable, Readable>,
  endpoint: SshEndpoint,
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((settle, fail) => {
    let complaints = "";
    const abort = (): void => fail(new CancelledError());
    signal?.addEventListener("abort", abort, { once: true });
    ssh.stdin.on("error", () => {}); // ssh has ended; its exit says why
    ssh.stderr.on("data", (bytes: Buffer) => (complaints += bytes.toString("utf8")));
    ssh.stdout.once("data", () => {
      signal?.removeEventListener("abort", abort);
      ssh.stdout.resume();
      settle();
    });
    ssh.on("error", (cause) => fail(sshFailure(endpoint, `ssh cannot be run: ${cause.message}`)));
    ssh.on("exit", () => fail(sshFailure(endpoint, lastLine(complaints))));
  });
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.trim() ?? "";
}

function sshFailure(endpoint: SshEndpoint, reason: string): EngineError {
  const host = endpoint.user === undefined ? endpoint.host : `${endpoint.user}@${endpoint.host}`;
  return new EngineError(`no ssh connection to ${host}${reason === "" ? "" : `: ${reason}`}`, {
    status: 0,
    operation: "find engine",
    resource: "engine",
    hint: `"ssh ${host}" has to work by itself, and the server has to allow the forwarding of sockets`,
  });
}
