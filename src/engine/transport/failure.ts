import { CancelledError, EngineError } from "../../model/error.ts";
import type { Call } from "./client.ts";
import { explain } from "./explain.ts";

/** What docker-modem and Node put on their errors. */
interface TransportError extends Error {
  readonly statusCode?: number;
  readonly code?: string;
  readonly json?: { readonly message?: string } | null;
}

/** Turns whatever a request failed with into words for the person who asked for it. */
export function engineFailure(error: unknown, call: Call, endpoint: string): Error {
  if (error instanceof CancelledError || error instanceof EngineError) return error;
  if (call.signal?.aborted === true) return new CancelledError();
  const failure: TransportError = error instanceof Error ? error : new Error(String(error));
  const where = { operation: call.operation, resource: call.resource, cause: error };
  if (failure.statusCode === undefined) {
    const { message, hint } = explainNoAnswer(failure, endpoint);
    return new EngineError(message, { ...where, status: 0, hint });
  }
  const said = engineText(failure);
  const { message, hint } = explain(said);
  return new EngineError(message, { ...where, status: failure.statusCode, hint, said });
}

/** The engine's own sentence, without what the modem wraps around it, and with ids short enough to read. */
function engineText(failure: TransportError): string {
  const text = failure.json?.message ?? failure.message.replace(/^\(HTTP code \d+\) \S+ - /, "");
  return text.replaceAll(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, "$1").trim();
}

/** Why nobody answers at a place; also used when every place has been tried. */
export function explainNoAnswer(
  failure: Error & { readonly code?: string },
  endpoint: string,
): { readonly message: string; readonly hint: string } {
  const say = noAnswer[failure.code ?? ""];
  if (say !== undefined) return say(endpoint);
  return {
    message: `the engine at ${endpoint} does not answer: ${failure.message}`,
    hint: "check that it runs and can be reached",
  };
}

const noAnswer: Readonly<Record<string, (endpoint: string) => { readonly message: string; readonly hint: string }>> = {
  ENOENT: (endpoint) => ({
    message: `there is no engine at ${endpoint}`,
    hint: "start the engine, or name another one with DOCKER_HOST or --context",
  }),
  ECONNREFUSED: (endpoint) => ({
    message: `the engine at ${endpoint} refuses connections`,
    hint: 'start the engine ("systemctl start docker"), or name another one with DOCKER_HOST or --context',
  }),
  EACCES: (endpoint) => ({
    message: `you may not use the engine at ${endpoint}`,
    hint: 'add yourself to the group "docker": sudo usermod -aG docker "$USER", then log in again',
  }),
  ECONNRESET: (endpoint) => ({
    message: `the engine at ${endpoint} closed the connection`,
    hint: "it may have been stopped or restarted; run the command again to complete what is left",
  }),
  EPIPE: (endpoint) => ({
    message: `the engine at ${endpoint} closed the connection`,
    hint: "it may have been stopped or restarted; run the command again to complete what is left",
  }),
  ENOTFOUND: (endpoint) => ({
    message: `the host of ${endpoint} is not known`,
    hint: "check the name in DOCKER_HOST or in the docker context",
  }),
  ETIMEDOUT: (endpoint) => ({
    message: `the engine at ${endpoint} does not answer in time`,
    hint: "check the address and that no firewall is in between",
  }),
  EPROTO: (endpoint) => ({
    message: `the engine at ${endpoint} does not speak TLS, or not with this certificate`,
    hint: "check DOCKER_TLS_VERIFY and DOCKER_CERT_PATH",
  }),
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted,
  SELF_SIGNED_CERT_IN_CHAIN: untrusted,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted,
};

function untrusted(endpoint: string): { readonly message: string; readonly hint: string } {
  return {
    message: `the certificate of the engine at ${endpoint} is not signed by an authority that you trust`,
    hint: "put the authority's certificate as ca.pem into the folder that DOCKER_CERT_PATH names",
  };
}
