import type { BindOptions, VolumeMount } from "../project.ts";
import { bytes, flag, number, object, stringMap, text, type Writer } from "./writer.ts";

/** docker compose 2 writes that a missing folder is made, 5 writes that it is not. */
const createHostPath: Writer<boolean> = (value, { generation }) =>
  value === (generation === "v2") ? value : undefined;

const bind: Writer<BindOptions> = object<BindOptions>({
  selinux: text,
  propagation: text,
  create_host_path: createHostPath,
  recursive: text,
});

export const volumeMount: Writer<VolumeMount> = object<VolumeMount>({
  type: text,
  source: text,
  target: text,
  read_only: flag,
  consistency: text,
  bind,
  volume: object<NonNullable<VolumeMount["volume"]>>({ labels: stringMap, nocopy: flag, subpath: text }),
  tmpfs: object<NonNullable<VolumeMount["tmpfs"]>>({ size: bytes, mode: number }),
  image: object<NonNullable<VolumeMount["image"]>>({ subpath: text }),
});
