import type { Build } from "../../model/project.ts";
import { list, object, type Decoder } from "./decoder.ts";
import { fileMount } from "./file-mount.ts";
import { hosts } from "./host.ts";
import { boolean, bytes, filledText } from "./scalar.ts";
import { textOrTexts, texts } from "./text-list.ts";
import { nullableMap, stringMap } from "./text-map.ts";
import { ulimits } from "./ulimit.ts";

export const build: Decoder<Build> = object<Build>({
  context: filledText,
  dockerfile: filledText,
  dockerfile_inline: filledText,
  entitlements: texts,
  args: nullableMap,
  provenance: filledText,
  sbom: filledText,
  ssh: nullableMap,
  labels: stringMap,
  cache_from: textOrTexts,
  cache_to: textOrTexts,
  no_cache: boolean,
  no_cache_filter: textOrTexts,
  additional_contexts: stringMap,
  pull: boolean,
  extra_hosts: hosts,
  isolation: filledText,
  network: filledText,
  target: filledText,
  secrets: list(fileMount),
  shm_size: bytes,
  tags: textOrTexts,
  ulimits,
  platforms: textOrTexts,
  privileged: boolean,
});
