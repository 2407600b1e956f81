import { execFile } from "node:child_process";
import { promisify } from "node:util";

import { projectRoot } from "./cli.ts";

/** Tiny local images, made of this machine's own programs: no test needs a registry. */
export const testImages = { busybox: "tscompose-test/busybox", node: "tscompose-test/node" } as const;

const made = new Map<string, Promise<string>>();

/**
 * Makes the image if it is not there, after scripts/stand-ins/<last word of its name>, and returns its name. Examples
 * are tested with images under names of ours, whatever is or can be had under the real ones.
 */
export function ensureImage(image: string): Promise<string> {
  const making = made.get(image) ?? makeImage(image);
  made.set(image, making);
  return making;
}

async function makeImage(image: string): Promise<string> {
  await promisify(execFile)(process.execPath, ["scripts/stand-ins.mjs", "--no-pull", image], { cwd: projectRoot });
  return image;
}
