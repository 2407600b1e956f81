import type { BindOptions, VolumeMount } from "../../model/project.ts";
import { object, type Decoder } from "./decoder.ts";
import { boolean, bytes, plainCount, text, word } from "./scalar.ts";
import { stringMap } from "./text-map.ts";

export const volumeMount: Decoder<VolumeMount> = object<VolumeMount>(
  {
    type: word(["bind", "volume", "tmpfs", "npipe", "cluster", "image"]),
    source: text,
    target: text,
    read_only: boolean,
    consistency: text,
    bind: object<BindOptions>({ selinux: text, propagation: text, create_host_path: boolean, recursive: text }),
    volume: object<NonNullable<VolumeMount["volume"]>>({ labels: stringMap, nocopy: boolean, subpath: text }),
    tmpfs: object<NonNullable<VolumeMount["tmpfs"]>>({ size: bytes, mode: plainCount }),
    image: object<NonNullable<VolumeMount["image"]>>({ subpath: text }),
  },
  ["type", "target"],
);
