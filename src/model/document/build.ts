import type { Build, NullableMap } from "../project.ts";
import { fileMount, ulimit } from "./service-parts.ts";
import { bytes, extensions, flag, hosts, list, map, object, stringMap, text, texts, type Writer } from "./writer.ts";

/** An agent or key per line: "default", "id=path". */
const ssh: Writer<NullableMap> = (value, style) => {
  const ids = [...value.keys()].sort(style.compare);
  return ids.length === 0 ? undefined : ids.map((id) => (value.get(id) ? `${id}=${value.get(id)}` : id));
};

export const build: Writer<Build> = object<Build>({
  context: text,
  dockerfile: text,
  dockerfile_inline: text,
  entitlements: texts,
  args: stringMap,
  provenance: text,
  sbom: text,
  ssh,
  labels: stringMap,
  cache_from: texts,
  cache_to: texts,
  no_cache: flag,
  no_cache_filter: texts,
  additional_contexts: stringMap,
  pull: flag,
  extra_hosts: hosts,
  isolation: text,
  network: text,
  target: text,
  secrets: list(fileMount),
  shm_size: bytes,
  tags: texts,
  ulimits: map(ulimit),
  platforms: texts,
  privileged: flag,
  extensions,
});
