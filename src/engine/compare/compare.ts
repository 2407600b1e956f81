import type { FieldChange, ImageDefaults } from "../../model/observed.ts";
import { type EngineConfig, fieldsOf, pairs, type Raw, raw } from "./fields.ts";
import { looksSecret, withoutSecrets } from "./secret-text.ts";

export interface Comparison {
  /** The body that would make the container now. */
  readonly wanted: Raw;
  /** What an inspect says of the one that is there. */
  readonly actual: Raw;
  /** What its image gave it without being asked. */
  readonly defaults: ImageDefaults;
}

/** Field by field, in the words of the Compose file; it works for containers that other tools have made, too. */
export function compareContainer({ wanted, actual, defaults }: Comparison): readonly FieldChange[] {
  const asked = fromBody(wanted, defaults);
  const found = fromInspect(actual, asked);
  const before = fieldsOf(found, asked);
  const after = fieldsOf(asked, found);
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths.flatMap((path) => {
    const [old, next] = [before.get(path), after.get(path)];
    if (old === next) return [];
    if (looksSecret(path)) return [{ path }];
    const [shownOld, shownNext] = [old, next].map((each) => (each === undefined ? undefined : withoutSecrets(each)));
    // It is just the secret in it that changed.
    if (shownOld === shownNext) return [{ path }];
    return [
      {
        path,
        ...(shownOld !== undefined && { before: shownOld }),
        ...(shownNext !== undefined && { after: shownNext }),
      },
    ];
  });
}

/** What is not asked for is what the image says. */
function fromBody(body: Raw, defaults: ImageDefaults): EngineConfig {
  const environment = new Map([...pairs(defaults.environment), ...pairs(body["Env"])]);
  // A command of the image's own goes with its entrypoint; another entrypoint drops it.
  const cmd = body["Cmd"] ?? (body["Entrypoint"] === undefined ? defaults.command : undefined);
  return {
    config: {
      ...body,
      Cmd: cmd,
      Entrypoint: body["Entrypoint"] ?? defaults.entrypoint,
      Env: [...environment].map(([name, value]) => (value === undefined ? name : `${name}=${value}`)),
      Labels: { ...Object.fromEntries(defaults.labels), ...raw(body["Labels"]) },
      User: body["User"] ?? defaults.user,
      WorkingDir: body["WorkingDir"] ?? defaults.workingDir,
      StopSignal: body["StopSignal"] ?? defaults.stopSignal,
      ExposedPorts: { ...Object.fromEntries(defaults.exposed.map((port) => [port, {}])), ...raw(body["ExposedPorts"]) },
      Healthcheck: { ...raw(defaults.healthcheck), ...definedOnly(raw(body["Healthcheck"])) },
    },
    host: raw(body["HostConfig"]),
    networks: raw(raw(body["NetworkingConfig"])["EndpointsConfig"]) as EngineConfig["networks"],
  };
}

/** The default networks "bridge", "host" and "none" are not attached to by name. */
function fromInspect(inspected: Raw, asked: EngineConfig): EngineConfig {
  const host = raw(inspected["HostConfig"]);
  const networks = raw(raw(inspected["NetworkSettings"])["Networks"]) as EngineConfig["networks"];
  const named =
    Object.keys(asked.networks).length > 0 ||
    !["bridge", "host", "none", "default"].includes(String(host["NetworkMode"]));
  const config: Raw = { ...raw(inspected["Config"]), ...(hasHostname(inspected) ? {} : { Hostname: "" }) };
  const given = Object.entries(networks).map(
    ([name, endpoint]) => [name, withGivenAddress(endpoint, config, asked.networks[name])] as const,
  );
  return { config, host, networks: named ? Object.fromEntries(given) : {} };
}

/** A container that runs has an address on each network, whether somebody asked for one or not. */
function withGivenAddress(endpoint: Raw, { MacAddress: given }: Raw, asked: Raw | undefined): Raw {
  const isMadeUp = endpoint["MacAddress"] !== given && (asked?.["MacAddress"] ?? "") === "";
  return isMadeUp ? { ...endpoint, MacAddress: "" } : endpoint;
}

/** Where nobody gave it one, it has the first digits of its id, or that of whoever it shares it with. */
function hasHostname(inspected: Raw): boolean {
  const { NetworkMode, UTSMode } = raw(inspected["HostConfig"]);
  const shared = UTSMode === "host" || /^(host$|container:)/.test(String(NetworkMode));
  return !shared && !String(inspected["Id"]).startsWith(String(raw(inspected["Config"])["Hostname"]));
}

function definedOnly(value: Raw): Raw {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined && each !== 0));
}
