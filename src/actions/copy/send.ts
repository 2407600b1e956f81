import { PassThrough, Readable } from "node:stream";

import { UsageError } from "../../model/error.ts";
import type { ObservedContainer } from "../../model/observed.ts";
import type { ActionContext } from "../context.ts";
import type { CopyOptions } from "../cp.ts";
import { insideTarget } from "./inside.ts";
import { localSource } from "./local.ts";
import { packLocal } from "./pack.ts";
import { type CopyTarget, place, type Placement } from "./placement.ts";

export interface SendOptions extends Pick<CopyOptions, "archive" | "followLink" | "input"> {
  /** "-": a tar archive that `input` brings. */
  readonly local: string;
  readonly inside: string;
  readonly onDone: (container: ObservedContainer) => void;
}

/** Copies into containers, all at the same time. */
export async function send(
  context: ActionContext,
  containers: readonly ObservedContainer[],
  options: SendOptions,
): Promise<void> {
  const { signal } = context;
  const engine = await context.engine();
  const source = options.local === "-" ? undefined : await localSource(options.local, options);
  // Nothing is sent to any before it is sure that all have a place for it.
  const jobs = await allOf(
    containers.map(async (container) => {
      const target = await insideTarget(engine, container, { path: options.inside, signal });
      return { container, at: source === undefined ? contentOf(target) : place(source, target) };
    }),
  );
  // Read once for all of them that it has the same name in, which is nearly always all.
  const names = [...new Set(jobs.map(({ at }) => at.name))];
  const sent = names.flatMap((name) => {
    const group = jobs.filter(({ at }) => at.name === name);
    const archive = source === undefined ? (options.input ?? []) : packLocal(source, name, signal);
    const copies = copiesOf(archive, group.length);
    return group.map(async ({ container, at }, number) => {
      await upload(copies[number] ?? Readable.from([]), (tar) =>
        engine.putArchive(container.id, { path: at.folder, tar, copyOwner: options.archive }, signal),
      );
      options.onDone(container);
    });
  });
  // Where one cannot take it, the others get it whole all the same.
  await allOf(sent);
}

/** Waits for all, also where one fails; of several failures the first container's is told, not the quickest. */
async function allOf<T>(working: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(working);
  return Promise.all(working);
}

/** An archive has names of its own. */
function contentOf(target: CopyTarget): Placement {
  if (target.is === "folder") return { folder: target.path, name: "." };
  throw new UsageError(`${target.shown} must be a folder: what is unpacked brings its own names`);
}

/** If what we send cannot be read, that is the reason, not the broken call that follows from it. */
async function upload(tar: Readable, put: (tar: Readable) => Promise<void>): Promise<void> {
  let failure: Error | undefined;
  tar.once("error", (error) => (failure = error));
  try {
    await put(tar);
  } catch (error) {
    throw failure ?? error;
  } finally {
    tar.destroy();
  }
}

/** One stream for several readers; the slowest of them sets the pace. */
function copiesOf(input: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, count: number): readonly Readable[] {
  const source = Readable.from(input, { objectMode: false });
  if (count === 1) return [source];
  const copies = Array.from({ length: count }, () => new PassThrough());
  for (const copy of copies) source.pipe(copy);
  source.once("error", (error) => copies.forEach((copy) => copy.destroy(error)));
  return copies;
}
