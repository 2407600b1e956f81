import { EngineError } from "../model/error.ts";
import type { DockerConfig, StoredAuth } from "./docker-config.ts";

/** Credentials for one registry. Never put into an event, a message or a log. */
export interface RegistryAuth {
  readonly username?: string;
  readonly password?: string;
  readonly identitytoken?: string;
  readonly registrytoken?: string;
  readonly serveraddress: string;
}

/** Docker Hub's credentials are kept under this historic address. */
export const hub = "https://index.docker.io/v1/";

/** The registry of an image reference: what stands before the first "/", if it looks like a host. */
export function registryOf(image: string): string {
  const first = image.split("/", 1)[0] ?? "";
  const isHost = image.includes("/") && (/[.:]/.test(first) || first === "localhost");
  return !isHost || first === "docker.io" || first === "index.docker.io" ? hub : first;
}

/** DOCKER_AUTH_CONFIG first; then the registry's helper, the general store, and what is written in the file. */
export async function credentialsFor(registry: string, config: DockerConfig): Promise<RegistryAuth | undefined> {
  const given = storedFor(registry, config.environmentAuths);
  if (given !== undefined) return given;
  const helper = config.credHelpers.get(registry) ?? config.credHelpers.get(hostOf(registry)) ?? config.credsStore;
  if (helper !== undefined) {
    const found = await askHelper(helper, registry);
    if (found !== undefined) return found;
  }
  return storedFor(registry, config.auths);
}

function storedFor(registry: string, auths: DockerConfig["auths"]): RegistryAuth | undefined {
  const stored = [...auths].find(([host]) => host === registry || hostOf(host) === hostOf(registry));
  return stored === undefined ? undefined : fromFile(stored[1], registry);
}

/** The X-Registry-Auth header, "{}" when nothing is known. */
export async function registryAuthHeader(
  image: string,
  config: DockerConfig,
): Promise<{ readonly header: string; readonly loggedIn: boolean }> {
  const known = await credentialsFor(registryOf(image), config);
  return { header: encoded(known ?? {}), loggedIn: known !== undefined };
}

/** The X-Registry-Config header of a build: every registry that the config file knows. */
export async function registryConfigHeader(config: DockerConfig): Promise<string> {
  return encoded(Object.fromEntries(await allKnown(config)));
}

/** URL-safe base64 of JSON, with its padding: the engine reads an unpadded text as no credentials, without a word. */
function encoded(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64").replaceAll("+", "-").replaceAll("/", "_");
}

/** The text of a config.json with every credential in it, whatever keeps them here: for a container that is to use them. */
export async function portableConfig(config: DockerConfig): Promise<string> {
  const auths = (await allKnown(config)).map(([registry, { username = "", password = "", identitytoken }]) => {
    const auth = Buffer.from(`${username}:${password}`).toString("base64");
    return [registry, identitytoken === undefined ? { auth } : { identitytoken }] as const;
  });
  return JSON.stringify({ auths: Object.fromEntries(auths) }, undefined, "\t");
}

async function allKnown(config: DockerConfig): Promise<readonly (readonly [string, RegistryAuth])[]> {
  const { environmentAuths, auths, credHelpers } = config;
  const registries = [...new Set([...environmentAuths.keys(), ...auths.keys(), ...credHelpers.keys()])].sort();
  const found = await Promise.all(registries.map((registry) => credentialsFor(registry, config)));
  return registries.flatMap((registry, index) => {
    const auth = found[index];
    return auth === undefined ? [] : [[registry, auth] as const];
  });
}

function hostOf(registry: string): string {
  return registry.replace(/^https?:\/\//, "").split("/", 1)[0] ?? registry;
}

function fromFile(stored: StoredAuth, registry: string): RegistryAuth | undefined {
  const { identitytoken, registrytoken } = stored;
  const [username, password] = stored.auth === undefined ? [stored.username, stored.password] : splitPair(stored.auth);
  if (username === undefined && identitytoken === undefined && registrytoken === undefined) return undefined;
  return {
    serveraddress: registry,
    ...(identitytoken === undefined && username !== undefined && { username }),
    ...(identitytoken === undefined && password !== undefined && { password }),
    ...(identitytoken !== undefined && { identitytoken }),
    ...(registrytoken !== undefined && { registrytoken }),
  };
}

function splitPair(base64: string): [string | undefined, string | undefined] {
  const pair = Buffer.from(base64, "base64").toString("utf8").replaceAll("\0", "");
  const colon = pair.indexOf(":");
  return colon < 0 ? [undefined, undefined] : [pair.slice(0, colon), pair.slice(colon + 1)];
}

/** Speaks the credential helpers' protocol: the registry on standard input, JSON on standard output. */
async function askHelper(helper: string, registry: string): Promise<RegistryAuth | undefined> {
  const program = `docker-credential-${helper}`;
  const { code, output } = await runHelper(program, registry);
  if (code !== 0 && /credentials not found|no credentials server URL/i.test(output)) return undefined;
  const answer = code === 0 ? parseAnswer(output) : undefined;
  if (answer === undefined) {
    const what = code === 0 ? "gave an answer that is no JSON object" : `failed with exit code ${code}`;
    throw new EngineError(`${program} ${what}`, {
      status: 0,
      operation: "read credentials",
      resource: `registry ${hostOf(registry)}`,
      hint: `run "${program} list" to see what is wrong, or remove the helper from the docker config file`,
    });
  }
  if (answer.Username === undefined || answer.Secret === undefined) return undefined;
  if (answer.Username === "<token>") return { identitytoken: answer.Secret, serveraddress: registry };
  return { username: answer.Username, password: answer.Secret, serveraddress: registry };
}

interface HelperAnswer {
  readonly Username?: string;
  readonly Secret?: string;
}

/** The parser's own error is dropped, as it quotes the text, and that may hold a password. */
function parseAnswer(output: string): HelperAnswer | undefined {
  try {
    return (JSON.parse(output) as HelperAnswer | null) ?? undefined;
  } catch {
    return undefined;
  }
}

async function runHelper(program: string, input: string): Promise<{ readonly code: number; readonly output: string }> {
  // 5 ms that nobody pays who has no helper.
  const { spawn } = await import("node:child_process");
  return new Promise((settle, fail) => {
    const child = spawn(program, ["get"], { stdio: ["pipe", "pipe", "ignore"] });
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.on("error", (cause) =>
      fail(
        new EngineError(`the credential helper ${program} cannot be run: ${cause.message}`, {
          status: 0,
          operation: "read credentials",
          resource: `registry ${hostOf(input)}`,
          hint: "install it, or remove credsStore/credHelpers from the docker config file",
          cause,
        }),
      ),
    );
    child.on("close", (code) => settle({ code: code ?? 1, output }));
    // A helper may end without reading its input; its exit code says so.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
  });
}
