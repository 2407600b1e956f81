import { setMaxListeners } from "node:events";
import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Readable } from "node:stream";

import type DockerModem from "docker-modem";

import { CancelledError } from "../../model/error.ts";
import { parseAnswer, readWhole } from "./answer.ts";
import { engineFailure } from "./failure.ts";

/** One request to the engine, with the words for the message if it fails. */
export interface Call {
  /** "start container" */
  readonly operation: string;
  /** "container web-1" */
  readonly resource: string;
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "DELETE";
  /** Without version: "/containers/json". */
  readonly path: string;
  readonly query?: Query | undefined;
  /** Sent as JSON. */
  readonly body?: object | undefined;
  /** Sent as it is. */
  readonly upload?: Uint8Array | Readable | undefined;
  /** A list repeats its header. */
  readonly headers?: Readonly<Record<string, string | string[]>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Lists are repeated, objects become JSON, absent values are left out. */
export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | object | undefined>>;

/** The only way to the engine: every request passes here, and every failure leaves as an EngineError. */
export interface Client {
  /** For people: "unix:///var/run/docker.sock". */
  readonly endpoint: string;
  /** For answers that are an object. */
  json<T>(call: Call): Promise<T>;
  list<T>(call: Call): Promise<readonly T[]>;
  /** For answers without content; "nothing to do" (304) is as good as done. */
  done(call: Call): Promise<void>;
  /** Resolves when the answer begins; the body is still to be read. */
  stream(call: Call): Promise<IncomingMessage>;
  /** Takes the connection over: afterwards it carries raw bytes both ways. */
  upgrade(call: Call): Promise<Socket>;
}

export interface ClientOptions {
  readonly endpoint: string;
  /** What stands before every path: "/v1.51". */
  readonly prefix: string;
  readonly headers: ReadonlyMap<string, string>;
}

export function openClient(modem: DockerModem, options: ClientOptions): Client {
  const { endpoint } = options;
  const send = async <T>(call: Call, hijack = false): Promise<T> => {
    try {
      return (await dial(modem, { ...dialOptions(call, options), isStream: true, hijack }, call.signal)) as T;
    } catch (error) {
      throw engineFailure(error, call, endpoint);
    }
  };
  const whole = async (call: Call): Promise<Buffer> => {
    const answer = await send<IncomingMessage>(call);
    return readWhole(answer).catch((error: unknown) => {
      throw engineFailure(error, call, endpoint);
    });
  };
  return {
    endpoint,
    json: async <T>(call: Call) => parseAnswer(await whole(call), "object", { call, endpoint }) as T,
    list: async <T>(call: Call) => parseAnswer(await whole(call), "list", { call, endpoint }) as readonly T[],
    done: async (call) => void (await whole(call)),
    async stream(call) {
      const answer = await send<IncomingMessage>(call);
      return answer.on("error", () => {}); // as below
    },
    async upgrade(call) {
      // An empty upload makes the request complete at once: what we write later belongs to the process in the container.
      const socket = await send<Socket>({ upload: call.body === undefined ? nothing : undefined, ...call }, true);
      // A broken connection is seen by whoever reads it; it must not end the program of who reads no longer.
      return socket.on("error", () => {});
    },
  };
}

const nothing = new Uint8Array();
const accepted = { 200: true, 201: true, 202: true, 204: true, 304: true } as const;

function dialOptions(call: Call, options: ClientOptions): DockerModem.DialOptions {
  const query = Object.entries(call.query ?? {}).filter(([, value]) => value !== undefined);
  return {
    method: call.method,
    // The modem adds a query only to a path that ends in "?", and cuts that character off when there is none.
    path: `${options.prefix}${call.path}${query.length > 0 ? "?" : ""}`,
    options: { _query: Object.fromEntries(query), _body: call.body ?? {} },
    headers: { ...Object.fromEntries(options.headers), ...call.headers },
    statusCodes: accepted,
    ...(call.upload !== undefined && { file: isBytes(call.upload) ? Buffer.from(call.upload) : call.upload }),
  };
}

function isBytes(upload: Uint8Array | Readable): upload is Uint8Array {
  return upload instanceof Uint8Array;
}

function dial(modem: DockerModem, options: DockerModem.DialOptions, signal: AbortSignal | undefined): Promise<unknown> {
  return new Promise((settle, fail) => {
    if (signal?.aborted === true) return fail(new CancelledError());
    // One signal serves a whole run, so a hundred requests may listen to it at once.
    if (signal !== undefined) setMaxListeners(0, signal);
    const abort = (): void => fail(new CancelledError());
    signal?.addEventListener("abort", abort, { once: true });
    modem.dial({ ...options, ...(signal !== undefined && { abortSignal: signal }) }, (error, result) => {
      signal?.removeEventListener("abort", abort);
      if (error === null || error === undefined) settle(result);
      else fail(error);
    });
  });
}
