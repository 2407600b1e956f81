import { readFile, realpath } from "node:fs/promises";
import path from "node:path";

import { type IgnoreRules, ignoreRules, nothingIgnored, pathPatterns } from "../../engine/build/dockerignore.ts";
import { UsageError } from "../../model/error.ts";
import type { Project, Service } from "../../model/project.ts";
import type { WatchRule } from "../../model/service.ts";
import { copies, inContainer, type WatchTrigger } from "../../planner/watch.ts";

export interface WatchedTrigger extends WatchTrigger {
  /** Whether what it wants may lie in this folder, or be this path. */
  readonly leadsTo: (path: string) => boolean;
}

/** The rules of all services of the project; a rule that cannot work is refused before anything is started. */
export async function watchTriggers(project: Project): Promise<readonly WatchedTrigger[]> {
  const services = [...project.services.values()].filter(({ develop }) => (develop?.watch.length ?? 0) > 0);
  const triggers = await Promise.all(services.map((service) => serviceTriggers(service)));
  return triggers.flat();
}

async function serviceTriggers(service: Service): Promise<readonly WatchedTrigger[]> {
  const context = await contextRules(service);
  return Promise.all(
    (service.develop?.watch ?? []).map(async (rule) => {
      if (rule.action === "rebuild" && service.build === undefined) {
        throw new UsageError(
          `service "${service.name}" watches files to rebuild its image, but has no build section`,
          'add "build", or use the action sync or restart',
        );
      }
      return { service: service.name, rule, mounted: await isMounted(service, rule), ...filters(rule, context) };
    }),
  );
}

interface ContextRules {
  readonly folder: string;
  readonly rules: IgnoreRules;
}

/** What stays out of the image is no reason to build it again, nor to be copied into its containers. */
async function contextRules({ build }: Service): Promise<ContextRules | undefined> {
  const folder = build?.context;
  if (folder === undefined || !path.isAbsolute(folder)) return undefined;
  const names = [`${build?.dockerfile ?? "Dockerfile"}.dockerignore`, ".dockerignore"];
  for (const name of names) {
    const text = await readFile(path.resolve(folder, name), "utf8").catch(() => undefined);
    if (text !== undefined) return { folder: await realpath(folder), rules: ignoreRules(text) };
  }
  return undefined;
}

/** Git's own files, and those by which editors save: nobody wants them in a container. */
const passing =
  /(^|\/)(\.git|\.idea|4913|\.#[^/]*|#[^/]*#|[^/]*~|\..*\.sw[pxon]|\..*\.kate-swp|[^/]*___jb_(tmp|old)___|[^/]*-go-tmp-umask)(\/|$)/;

function filters(rule: WatchRule, context: ContextRules | undefined): Pick<WatchedTrigger, "wants" | "leadsTo"> {
  const own = rule.ignore === undefined ? nothingIgnored : ignoreRules(rule.ignore.join("\n"));
  const included = rule.include === undefined || rule.include.length === 0 ? undefined : pathPatterns(rule.include);
  const inContext = (at: string): string | undefined => {
    if (context === undefined) return undefined;
    const below = path.relative(context.folder, path.join(rule.path, at)).split(path.sep).join("/");
    return below === "" || below === ".." || below.startsWith("../") ? undefined : below;
  };
  const ignoring = (at: string): readonly (readonly [IgnoreRules, string])[] => {
    const below = inContext(at);
    return [
      ...(at !== "" && own.ignores(at) ? [[own, at] as const] : []),
      ...(below !== undefined && context?.rules.ignores(below) === true ? [[context.rules, below] as const] : []),
    ];
  };
  return {
    wants(at) {
      if (passing.test(at) || ignoring(at).length > 0) return false;
      return at === "" || included === undefined || included.matches(at);
    },
    leadsTo(at) {
      if (passing.test(at) || ignoring(at).some(([rules, below]) => !rules.mayContainIncluded(below))) return false;
      return at === "" || included === undefined || included.matches(at) || included.mayMatchBelow(at);
    },
  };
}

/** The same file, seen through a bind mount: to copy it would be to write over the original. */
async function isMounted({ volumes }: Service, rule: WatchRule): Promise<boolean> {
  const { path: watched, target = "/" } = rule;
  if (!copies(rule)) return false;
  for (const { type, source, target: mountedAt } of volumes ?? []) {
    if (type !== "bind" || source === undefined) continue;
    const real = await realpath(source).catch(() => source);
    const below = path.relative(real, watched);
    if (below.startsWith("..") || path.isAbsolute(below)) continue;
    if (inContainer(mountedAt, below.split(path.sep).join("/")) === inContainer(target, "")) return true;
  }
  return false;
}
