import { CancelledError, EngineError } from "../../model/error.ts";
import type { Call } from "./client.ts";
import { explain, type Explanation } from "./explain.ts";

/** What docker-modem and Node put on their errors. */
interface TransportError extends Error {
  readonly statusCode?: number;
  readonly code?: string;
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
  const status = failure.statusCode;
  const said = engineText(failure);
  const { message, hint } = explainStranger(said, status, endpoint) ?? explain(said);
  return new EngineError(message, { ...where, status, hint, said });
}

/** The engine's own sentence, without what the modem wraps around it, and with ids short enough to read. */
function engineText(failure: TransportError): string {
  const text = failure.message.replace(/^\(HTTP code \d+\) \S+ - /, "");
  return text.replaceAll(/\b([0-9a-f]{12})[0-9a-f]{52}\b/g, "$1").trim();
}

/** What no engine says: a page from a proxy in between, or nothing at all. */
function explainStranger(said: string, status: number, endpoint: string): Explanation | undefined {
  const isPage = said.startsWith("<");
  // "[object Object]" is what the modem makes of JSON without a message.
  if (!isPage && said !== "" && said !== "[object Object]") return undefined;
  return {
    message: `${endpoint} answers with status ${status} and ${isPage ? "a page of HTML" : "does not say why"}`,
    hint: "an engine says why: check what DOCKER_HOST or the docker context leads to, and whether a proxy is in between",
  };
}

/** Why nobody answers at a place; also used when every place has been tried. */
export function explainNoAnswer(
  failure: Error & { readonly code?: string },
  endpoint: string,
): { readonly message: string; readonly hint: string } {
  const say = noAnswer[failure.code ?? ""];
  if (say !== undefined) return say(endpoint);
  if (failure.message.startsWith("Max redirects")) return redirected(endpoint);
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

function redirected(endpoint: string): { readonly message: string; readonly hint: string } {
  return {
    message: `what answers at ${endpoint} sends us elsewhere, and an engine does not`,
    hint: "check what DOCKER_HOST or the docker context leads to",
  };
}

function untrusted(endpoint: string): { readonly message: string; readonly hint: string } {
  return {
    message: `the certificate of the engine at ${endpoint} is not signed by an authority that you trust`,
    hint: "put the authority's certificate as ca.pem into the folder that DOCKER_CERT_PATH names",
  };
}
