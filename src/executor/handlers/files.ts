import type { StepOf } from "../../model/plan.ts";
import type { FileMount, FileObject } from "../../model/project.ts";
import { type Run, containerId } from "../run.ts";
import { tarOf } from "../tar.ts";

interface InjectedFile {
  readonly target: string;
  readonly content: string;
  readonly mount: FileMount;
}

/** Secrets and configs whose content is in a variable or in the compose file are copied in before every start. */
export async function copyFiles(step: StepOf<"container.files">, run: Run): Promise<undefined> {
  const id = containerId(step.container, run);
  const files = [
    ...injected(step.service.secrets ?? [], run.project.secrets, "secret"),
    ...injected(step.service.configs ?? [], run.project.configs, "config"),
  ].filter((file) => file.content !== "");
  for (const file of files) {
    const { uid, gid, mode } = file.mount;
    const tar = tarOf({
      name: file.target,
      content: Buffer.from(file.content),
      mode: mode ?? 0o444,
      uid: owner(uid),
      gid: owner(gid),
    });
    await run.engine.putArchive(id, { path: "/", tar, copyOwner: uid !== undefined || gid !== undefined }, run.signal);
  }
  return undefined;
}

function injected(
  mounts: readonly FileMount[],
  objects: ReadonlyMap<string, FileObject>,
  kind: "secret" | "config",
): InjectedFile[] {
  return mounts.flatMap((mount) => {
    const object = objects.get(mount.source);
    if (object === undefined || object.file !== undefined || object.external === true) return [];
    return [{ mount, target: targetOf(mount, kind), content: contentOf(object, kind) }];
  });
}

function contentOf(object: FileObject, kind: "secret" | "config"): string {
  const content = object.environment === undefined ? object.content : object.value;
  if (content !== undefined) return content;
  throw new Error(`${kind} "${object.key}" needs the variable ${object.environment ?? ""}, which is not set`);
}

/** Relative targets lie where docker compose puts them: secrets in /run/secrets, configs at the root. */
function targetOf(mount: FileMount, kind: "secret" | "config"): string {
  const target = mount.target === undefined || mount.target === "" ? mount.source : mount.target;
  if (target.startsWith("/")) return target;
  return kind === "secret" ? `/run/secrets/${target}` : `/${target}`;
}

/** Names cannot be looked up from here: the container may not even run. */
function owner(id: string | undefined): number {
  if (id === undefined) return 0;
  if (/^\d+$/.test(id)) return Number(id);
  throw new Error(`uid and gid of a secret or config must be numbers, not "${id}"`);
}
