import type { IncomingMessage } from "node:http";

import { EngineError } from "../../model/error.ts";
import type { Call } from "./client.ts";

/** All of an answer. The modem would wait for ever for the end of one that breaks off. */
export function readWhole(answer: IncomingMessage): Promise<Buffer> {
  return new Promise((settle, fail) => {
    const chunks: Buffer[] = [];
    answer.on("data", (chunk: Buffer) => void chunks.push(chunk));
    answer.on("end", () => settle(Buffer.concat(chunks)));
    answer.on("error", fail);
    answer.on("close", () => fail(Object.assign(new Error("the answer broke off"), { code: "ECONNRESET" })));
  });
}

/** What answers at the place may be anything: a web server, a proxy that has lost its engine. */
export function parseAnswer(bytes: Buffer, wanted: "object" | "list", { call, endpoint }: Asked): object {
  const value = parsed(bytes);
  // Some engines write an empty list like this.
  if (wanted === "list" && value === null) return [];
  if (typeof value === "object" && value !== null && Array.isArray(value) === (wanted === "list")) return value;
  throw new EngineError(`what answers at ${endpoint} is no engine: it says ${JSON.stringify(firstWords(bytes))}`, {
    status: 0,
    operation: call.operation,
    resource: call.resource,
    hint: "check what DOCKER_HOST or the docker context leads to, and whether a proxy is in between",
  });
}

interface Asked {
  readonly call: Call;
  readonly endpoint: string;
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch {
    return undefined;
  }
}

function firstWords(bytes: Buffer): string {
  const text = bytes.subarray(0, 400).toString("utf8").trim();
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
