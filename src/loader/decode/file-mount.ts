import type { FileMount } from "../../model/project.ts";
import { object, type Decoder } from "./decoder.ts";
import { fileMode, text } from "./scalar.ts";

/** A secret or a config as a service, or a build, uses it. */
export const fileMount: Decoder<FileMount> = object<FileMount>(
  { source: text, target: text, uid: text, gid: text, mode: fileMode },
  ["source"],
);
