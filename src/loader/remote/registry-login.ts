import { RemoteError } from "./error.ts";
import type { RegistryFetch, RegistryLogin } from "./registry-door.ts";
import type { Repository } from "./registry.ts";

/** What is to be done where. */
export interface Scope {
  readonly repository: Repository;
  readonly action: "pull" | "push";
  readonly from?: Repository | undefined;
}

interface Entering {
  readonly scope: Scope;
  readonly login: RegistryLogin | undefined;
  readonly askAt: RegistryFetch;
  readonly signal: AbortSignal | undefined;
}

/** Answers the registry's challenge: Basic with what is stored, Bearer with a token of the server that it names. */
export async function authorization(challenge: string, entering: Entering): Promise<string> {
  const { login } = entering;
  if (login?.registrytoken !== undefined) return `Bearer ${login.registrytoken}`;
  if (/^basic/i.test(challenge)) return basic(login) ?? "";
  const parameters = new Map(
    [...challenge.matchAll(/(\w+)="([^"]*)"/g)].map((match) => [match[1] ?? "", match[2] ?? ""]),
  );
  const realm = parameters.get("realm");
  if (realm === undefined || !URL.canParse(realm)) return basic(login) ?? "";
  const answer = await askForToken(new URL(realm), parameters.get("service") ?? "", entering);
  if (!answer.ok) throw refused(entering.scope, login, answer.status);
  const { token, access_token } = (await answer.json()) as { readonly token?: string; readonly access_token?: string };
  return `Bearer ${token ?? access_token ?? ""}`;
}

function basic(login: RegistryLogin | undefined): string | undefined {
  if (login?.username === undefined) return undefined;
  return `Basic ${Buffer.from(`${login.username}:${login.password ?? ""}`).toString("base64")}`;
}

/** An identity token is exchanged in the way of OAuth; a name and a password are shown to the server. */
async function askForToken(realm: URL, service: string, { scope, login, askAt, signal }: Entering): Promise<Response> {
  const scopes = scopesOf(scope);
  const init = signal === undefined ? {} : { signal };
  try {
    if (login?.identitytoken !== undefined) {
      const grant = { grant_type: "refresh_token", refresh_token: login.identitytoken, client_id: "tscompose" };
      const body = new URLSearchParams({ ...grant, service, scope: scopes.join(" ") });
      return await askAt(realm, { method: "POST", body, ...init });
    }
    realm.searchParams.set("service", service);
    for (const each of scopes) realm.searchParams.append("scope", each);
    const shown = basic(login);
    return await askAt(realm, { headers: shown === undefined ? {} : { authorization: shown }, ...init });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new RemoteError(
      `the token server ${realm.host} of the registry ${scope.repository.domain} cannot be reached`,
      "check the network and the proxy settings",
    );
  }
}

function scopesOf({ repository, action, from }: Scope): readonly string[] {
  const own = `repository:${repository.path}:${action === "pull" ? "pull" : "pull,push"}`;
  return from === undefined ? [own] : [own, `repository:${from.path}:pull`];
}

function refused({ repository: { domain } }: Scope, login: RegistryLogin | undefined, status: number): RemoteError {
  return login === undefined
    ? new RemoteError(`the registry ${domain} lets nobody in without a login`, `log in first: docker login ${domain}`, {
        status,
      })
    : new RemoteError(
        `the registry ${domain} did not accept the stored credentials`,
        `log in to ${domain} again: docker login ${domain}`,
        { status },
      );
}
