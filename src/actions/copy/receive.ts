import { join } from "node:path";

import type { ObservedContainer } from "../../model/observed.ts";
import type { ActionContext } from "../context.ts";
import type { CopyOptions } from "../cp.ts";
import { insideSource } from "./inside.ts";
import { localTarget } from "./local.ts";
import { place } from "./placement.ts";
import { unpack } from "./unpack.ts";

export interface ReceiveOptions extends Pick<CopyOptions, "archive" | "followLink" | "output"> {
  readonly inside: string;
  /** "-": the tar archive goes to `output`. */
  readonly local: string;
}

/** Copies out of a container. */
export async function receive(
  context: ActionContext,
  container: ObservedContainer,
  options: ReceiveOptions,
): Promise<void> {
  const { signal } = context;
  const engine = await context.engine();
  const source = await insideSource(engine, container, {
    path: options.inside,
    followLink: options.followLink,
    signal,
  });
  if (options.local === "-") {
    for await (const bytes of await engine.getArchive(container.id, source.path, signal)) {
      const slow = options.output?.(bytes);
      if (slow !== undefined) await slow;
    }
    return;
  }
  const target = await localTarget(options.local);
  const { folder, name } = place(source, target);
  await unpack(await engine.getArchive(container.id, source.path, signal), {
    root: source.root,
    target: name === "." ? folder : join(folder, name),
    // A folder that was there before and only gets content stays what it is.
    keepTarget: name === ".",
    keepOwner: options.archive,
    signal,
    onSkipped: (path, what) =>
      context.report({
        code: "not-copied",
        severity: "warning",
        message: `${source.shown}: ${JSON.stringify(path)} is left out, as it is a ${what}`,
      }),
  });
}
