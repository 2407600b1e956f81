import { raw, type Raw } from "../engine/compare/fields.ts";
import { withoutSecrets } from "../engine/compare/secret-text.ts";
import { serviceDocument } from "../model/document.ts";
import { serviceHashes, type ServiceHashOptions } from "../model/hash.ts";
import { encodeJson } from "../model/json-text.ts";
import type { FieldChange, ObservedImage } from "../model/observed.ts";
import type { Service } from "../model/project.ts";

export interface Replaced {
  /** As it is wanted now. */
  readonly service: Service;
  /** The config hash of the container that is there. */
  readonly hash: string;
  readonly hashing: Omit<ServiceHashOptions, "generation">;
  /** The container's HostConfig. */
  readonly host: Raw;
  readonly image: ObservedImage | undefined;
}

/**
 * What no container shows: a key that the engine knows nothing of (`develop`), or one that says what the engine does
 * anyway. That it has come or gone is known by the hash, which is the old one without that key, or with it.
 */
export function unseenChange(replaced: Replaced): readonly FieldChange[] {
  const { service, hash, hashing } = replaced;
  const wasOnce = (candidate: Service): boolean => serviceHashes(candidate, hashing).includes(hash);
  if (wasOnce(service)) return [];
  const come = Object.keys(service).find((key) => key !== "name" && wasOnce({ ...service, [key]: undefined }));
  if (come !== undefined) return [{ path: come, ...now(service, come) }];
  return anyway(replaced)
    .filter(({ fields }) => wasOnce({ ...service, ...fields }))
    .map(({ path, before }) => ({ path, before, ...now(service, path) }))
    .slice(0, 1);
}

function now(service: Service, key: string): Pick<FieldChange, "after"> {
  const value = serviceDocument(service, "v2").get(key);
  return value === undefined ? {} : { after: withoutSecrets(encodeJson(value)) };
}

interface Guess {
  readonly path: string;
  readonly before: string;
  readonly fields: Partial<Service>;
}

/** What the file may have said, as far as the container tells: the engine fills in the same where nothing is said. */
function anyway({ service: { logging }, host, image }: Replaced): readonly Guess[] {
  const driver = String(raw(host["LogConfig"])["Type"]);
  const texts = { cgroup: "CgroupnsMode", ipc: "IpcMode", runtime: "Runtime", isolation: "Isolation" } as const;
  const sizes = { memswap_limit: "MemorySwap", shm_size: "ShmSize" } as const;
  return [
    ...Object.entries(texts).map(([path, key]) => guess(path, String(host[key]))),
    ...Object.entries(sizes).map(([path, key]) => guess(path, Number(host[key]))),
    { path: "logging.driver", before: driver, fields: { logging: { ...logging, driver } } },
    guess("restart", "no"),
    guess("init", false),
    guess("attach", true),
    ...(image === undefined ? [] : [guess("platform", `${image.os}/${image.architecture}`)]),
  ];
}

function guess(path: string, value: string | number | boolean): Guess {
  return { path, before: String(value), fields: { [path]: value } };
}
