import type { RegistryAuth } from "../auth.ts";
import type { Fetch } from "../proxy/fetch.ts";
import { GrpcError, grpcCodes } from "./grpc.ts";

export interface TokenRequest {
  readonly clientId: string;
  readonly realm: string;
  readonly service: string;
  readonly scopes: readonly string[];
  readonly auth: RegistryAuth | undefined;
  readonly fetch: Fetch;
}

export interface Token {
  readonly token: string;
  /** Seconds. */
  readonly expiresIn: number;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
}

interface TokenAnswer {
  readonly token?: string;
  readonly access_token?: string;
  readonly expires_in?: number;
  readonly issued_at?: string;
}

/** What the token protocol assumes of a token that says nothing. */
const defaultSeconds = 60;

/** OAuth first; with basic credentials, as older token servers want it, where that is unknown. */
export async function fetchToken(request: TokenRequest): Promise<Token> {
  const { auth } = request;
  if (auth?.registrytoken !== undefined) return { token: auth.registrytoken, expiresIn: defaultSeconds, issuedAt: 0 };
  const secret = auth?.identitytoken ?? auth?.password;
  if (secret === undefined) return byGet(request);
  const answer = await byOAuth(request, secret);
  const refused = [401, 404, 405].includes(answer.status) && auth?.identitytoken === undefined;
  return refused ? byGet(request) : read(answer, request);
}

async function byOAuth({ realm, service, scopes, auth, fetch }: TokenRequest, secret: string): Promise<Response> {
  const grant =
    auth?.identitytoken === undefined
      ? { grant_type: "password", username: auth?.username ?? "", password: secret, access_type: "offline" }
      : { grant_type: "refresh_token", refresh_token: secret };
  const body = new URLSearchParams({ client_id: "tscompose", service, scope: scopes.join(" "), ...grant });
  return ask(() => fetch(realm, { method: "POST", body }), realm);
}

async function byGet(request: TokenRequest): Promise<Token> {
  const { realm, service, scopes, auth, clientId, fetch } = request;
  const url = new URL(realm);
  url.searchParams.set("service", service);
  for (const scope of scopes) url.searchParams.append("scope", scope);
  if (clientId !== "") url.searchParams.set("client_id", clientId);
  const pair = Buffer.from(`${auth?.username ?? ""}:${auth?.password ?? ""}`).toString("base64");
  const headers = auth?.password === undefined ? undefined : { Authorization: `Basic ${pair}` };
  return read(await ask(() => fetch(url, headers === undefined ? {} : { headers }), realm), request);
}

/** Node's own words are that a fetch has failed. */
async function ask(send: () => Promise<Response>, realm: string): Promise<Response> {
  try {
    return await send();
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const why = cause instanceof Error ? cause.message : String(cause);
    const server = `the token server ${new URL(realm).host}`;
    throw new GrpcError(`${server} of the registry cannot be reached: ${why}`, grpcCodes.unknown);
  }
}

async function read(answer: Response, { realm }: TokenRequest): Promise<Token> {
  if (!answer.ok) throw new GrpcError(`${new URL(realm).host} gives no token: ${answer.status}`, grpcCodes.unknown);
  const { token, access_token, expires_in, issued_at } = (await answer.json()) as TokenAnswer;
  const found = token ?? access_token;
  if (found === undefined) throw new GrpcError(`${new URL(realm).host} answers without a token`, grpcCodes.unknown);
  const issuedAt = issued_at === undefined ? 0 : Math.floor(Date.parse(issued_at) / 1000) || 0;
  return { token: found, expiresIn: expires_in ?? defaultSeconds, issuedAt };
}
