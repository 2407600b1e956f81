import { randomBytes } from "node:crypto";
import { open, rename, rm, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

import { UsageError } from "../model/error.ts";
import type { ActionContext } from "./context.ts";
import { explainLocal } from "./copy/local.ts";
import { pickContainer } from "./pick-container.ts";

export interface ExportOptions {
  readonly service: string;
  /** Which container; absent: the one with the lowest number. */
  readonly index?: number | undefined;
  /** A file, or who takes the bytes: a promise when he is slow. */
  readonly output: string | ((bytes: Uint8Array) => Promise<void> | undefined);
  readonly onState?: ((container: string, state: "exporting" | "exported") => void) | undefined;
}

/** A container's whole file system as a tar archive; volumes are not part of it. */
export async function exportContainer(context: ActionContext, options: ExportOptions): Promise<void> {
  const { output, onState } = options;
  const container = await pickContainer(context, { service: options.service, index: options.index, all: true });
  const target = typeof output === "string" ? await fileTarget(output) : undefined;
  onState?.(container.name, "exporting");
  if (context.dryRun) return;
  const engine = await context.engine();
  const bytes = await engine.exportContainer(container.id, context.signal);
  if (target !== undefined) await (target.isPlain ? writeWhole : writeInto)(target.path, bytes);
  else if (typeof output !== "string") {
    for await (const chunk of bytes) {
      const slow = output(chunk);
      if (slow !== undefined) await slow;
    }
  }
  onState?.(container.name, "exported");
}

interface FileTarget {
  readonly path: string;
  /** A file, or nothing yet: not a pipe, a terminal or a disk, which must stay what it is. */
  readonly isPlain: boolean;
}

async function fileTarget(given: string): Promise<FileTarget> {
  const path = resolve(given);
  const folder = await stat(dirname(path)).catch(() => undefined);
  if (folder?.isDirectory() !== true) throw new UsageError(`there is no folder ${dirname(path)} to write into`);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) throw new UsageError(`${given} is a folder`, "name the file to write");
  return { path, isPlain: found === undefined || found.isFile() };
}

async function writeInto(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    const handle = await open(path, "w");
    try {
      for await (const chunk of bytes) await handle.writeFile(chunk);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw explainLocal(error, path);
  }
}

/** The file is there when it is complete, and not before. Only its owner may read it: there may be secrets inside. */
async function writeWhole(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const partial = `${path}.${randomBytes(4).toString("hex")}.part`;
  try {
    const handle = await open(partial, "wx", 0o600);
    try {
      for await (const chunk of bytes) await handle.writeFile(chunk);
    } finally {
      await handle.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw explainLocal(error, path);
  }
}
