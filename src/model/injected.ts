import type { FileMount, FileObject, Project, Service } from "./project.ts";

/** A secret or config that has no file on this machine: its content is put into the container before each start. */
export interface Injected {
  readonly kind: "secret" | "config";
  readonly mount: FileMount;
  readonly object: FileObject;
}

/** Secrets first, then configs: a config at the same path wins. */
export function injectedFiles(project: Project, service: Service): readonly Injected[] {
  return [
    ...injected(service.secrets ?? [], project.secrets, "secret"),
    ...injected(service.configs ?? [], project.configs, "config"),
  ];
}

export function injectsFiles(project: Project, service: Service): boolean {
  return injectedFiles(project, service).some(({ object }) => (injectedContent(object) ?? "") !== "");
}

/** undefined: the variable that holds it is not set. */
export function injectedContent(object: FileObject): string | undefined {
  return object.content ?? object.value;
}

function injected(
  mounts: readonly FileMount[],
  objects: ReadonlyMap<string, FileObject>,
  kind: Injected["kind"],
): readonly Injected[] {
  return mounts.flatMap((mount) => {
    const object = objects.get(mount.source);
    const isInjected = object !== undefined && (object.environment !== undefined || object.content !== undefined);
    return isInjected ? [{ kind, mount, object }] : [];
  });
}
