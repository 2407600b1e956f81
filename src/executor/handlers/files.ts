import { injectedContent, injectedFiles, type Injected } from "../../model/injected.ts";
import type { StepOf } from "../../model/plan.ts";
import { type Run, containerId } from "../run.ts";
import { tarOf } from "../tar.ts";

/** Secrets and configs whose content is in a variable or in the compose file are copied in before every start. */
export async function copyFiles(step: StepOf<"container.files">, run: Run): Promise<undefined> {
  const id = containerId(step.container, run);
  for (const injected of injectedFiles(run.project, step.service)) {
    const content = injectedContent(injected.object) ?? "";
    if (content === "") continue;
    const { uid, gid, mode } = injected.mount;
    const tar = tarOf({
      name: targetOf(injected),
      content: Buffer.from(content),
      mode: mode ?? 0o444,
      uid: Number(uid ?? 0),
      gid: Number(gid ?? 0),
    });
    await run.engine.putArchive(id, { path: "/", tar, copyOwner: uid !== undefined || gid !== undefined }, run.signal);
  }
  return undefined;
}

/** Relative targets lie where docker compose puts them: secrets in /run/secrets, configs at the root. */
function targetOf({ kind, mount }: Injected): string {
  const target = mount.target === undefined || mount.target === "" ? mount.source : mount.target;
  if (target.startsWith("/")) return target;
  return kind === "secret" ? `/run/secrets/${target}` : `/${target}`;
}
