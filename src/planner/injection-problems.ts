import { injectedContent, injectedFiles } from "../model/injected.ts";
import type { FileMount, FileObject, Project, Service } from "../model/project.ts";
import type { PlanBuilder } from "./builder.ts";

/** Secrets and configs that cannot get into their containers; they do so when those start. */
export function checkInjected(plan: PlanBuilder, project: Project, { start }: { readonly start: boolean }): void {
  for (const service of project.services.values()) {
    if (service.provider !== undefined) continue;
    for (const mount of service.secrets ?? []) checkObject(plan, service, described("secret", mount, project.secrets));
    for (const mount of service.configs ?? []) checkObject(plan, service, described("config", mount, project.configs));
    checkContents(plan, { project, service, start });
  }
}

interface Described {
  readonly kind: "secret" | "config";
  readonly object: FileObject | undefined;
}

function described(kind: Described["kind"], mount: FileMount, objects: ReadonlyMap<string, FileObject>): Described {
  return { kind, object: objects.get(mount.source) };
}

function checkObject(plan: PlanBuilder, service: Service, { kind, object }: Described): void {
  if (object === undefined) return;
  const path = `${kind}s.${object.key}`;
  if (object.external === true || object.driver !== undefined || object.template_driver !== undefined) {
    const what = object.external === true ? "is external" : "has a driver";
    plan.problem({
      code: `${kind}-not-available`,
      message: `${kind} "${object.name}" of service "${service.name}" ${what}: an engine without a swarm has no ${kind}s of its own`,
      path,
      hint: `give it a file, or an environment variable`,
    });
  }
}

interface Checked {
  readonly project: Project;
  readonly service: Service;
  readonly start: boolean;
}

function checkContents(plan: PlanBuilder, { project, service, start }: Checked): void {
  for (const { kind, mount, object } of injectedFiles(project, service)) {
    const content = injectedContent(object);
    const path = `${kind}s.${object.key}`;
    if (content === undefined) {
      const message = `environment variable "${object.environment ?? ""}", which ${kind} "${object.key}" is to hold, is not set`;
      if (start) plan.problem({ code: `${kind}-not-set`, message, path });
      else plan.warn(`${message}: it has to be when service "${service.name}" is started`);
    } else if (content !== "" && service.read_only === true) {
      const message = `${kind} "${object.key}" cannot be put into service "${service.name}", because that is read_only`;
      const hint = `take the ${kind} from a file, which is mounted`;
      if (start) plan.problem({ code: `${kind}-read-only`, message, path: `services.${service.name}.read_only`, hint });
      else plan.warn(`${message}: it will not start; ${hint}`);
    }
    for (const owner of [mount.uid, mount.gid]) {
      if (owner === undefined || /^\d+$/.test(owner)) continue;
      const message = `"${owner}" as owner of ${kind} "${object.key}" is not a number`;
      if (start) plan.problem({ code: `${kind}-owner`, message, path: `services.${service.name}.${kind}s` });
      else plan.warn(`${message}: service "${service.name}" will not start`);
    }
  }
}
