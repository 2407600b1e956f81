import { imageName } from "../../model/names.ts";
import type { FileMount, FileObject, Project, VolumeMount } from "../../model/project.ts";
import type { CreateContainer } from "../engine.ts";
import { type EngineJson, object } from "./json.ts";

/** How one mount is asked for: a bind string, or an object where the string cannot say enough. */
type Ask = { readonly bind: string } | { readonly mount: EngineJson };

/** One mount a target: volumes of the service, then secrets, then configs; the old container's anonymous volumes last. */
export function mounts(request: CreateContainer): EngineJson {
  const { service, project } = request;
  const inherited = new Map(request.inherits.map((each) => [each.destination, each]));
  const asked = new Map<string, Ask>();
  for (const volume of service.volumes ?? []) {
    // An anonymous volume that the old container had stays with the new one.
    if (volume.source === undefined && inherited.has(volume.target)) continue;
    asked.set(volume.target, ask(volume, project));
  }
  for (const [target, mount] of fileMounts(request)) if (!asked.has(target)) asked.set(target, mount);
  for (const { destination, volume, readOnly } of inherited.values()) {
    if (!asked.has(destination))
      asked.set(destination, { mount: { Type: "volume", Source: volume, Target: destination, ReadOnly: readOnly } });
  }
  const all = [...asked.values()];
  return {
    Binds: all.flatMap((each) => ("bind" in each ? [each.bind] : [])),
    Mounts: all.flatMap((each) => ("mount" in each ? [each.mount] : [])),
  };
}

function ask(volume: VolumeMount, project: Project): Ask {
  switch (volume.type) {
    case "bind":
      return askBind(volume);
    case "volume":
      return askVolume(volume, project);
    case "tmpfs":
      return {
        mount: { ...common(volume), TmpfsOptions: { SizeBytes: volume.tmpfs?.size, Mode: volume.tmpfs?.mode } },
      };
    case "image":
      return {
        mount: {
          ...common(volume),
          Source: imageSource(volume, project),
          ImageOptions: { Subpath: volume.image?.subpath },
        },
      };
    case "npipe":
    case "cluster":
      return { mount: { ...common(volume), Source: volume.source } };
  }
}

function common(volume: VolumeMount): EngineJson {
  return {
    Type: volume.type,
    Target: volume.target,
    ReadOnly: volume.read_only === true,
    Consistency: volume.consistency,
  };
}

/** The string form lets the engine create a missing folder, also on engines that cannot be asked for it otherwise. */
function askBind(volume: VolumeMount): Ask {
  const { bind } = volume;
  const simple = bind?.propagation === undefined && bind?.recursive === undefined && bind?.create_host_path !== false;
  if (simple) return { bind: bindString(volume.source ?? "", volume, bind?.selinux) };
  return {
    mount: {
      ...common(volume),
      Source: volume.source,
      BindOptions: {
        Propagation: bind?.propagation,
        CreateMountpoint: bind?.create_host_path === true ? true : undefined,
        NonRecursive: bind?.recursive === "disabled" ? true : undefined,
        ReadOnlyNonRecursive: bind?.recursive === "writable" ? true : undefined,
        ReadOnlyForceRecursive: bind?.recursive === "readonly" ? true : undefined,
      },
    },
  };
}

function bindString(source: string, volume: VolumeMount, label?: string): string {
  return [
    source,
    volume.target,
    [volume.read_only === true ? "ro" : "rw", label].filter((each) => each !== undefined).join(","),
  ].join(":");
}

function askVolume(volume: VolumeMount, project: Project): Ask {
  const { source, volume: options } = volume;
  const name = source === undefined ? "" : (project.volumes.get(source)?.name ?? source);
  const simple =
    source !== undefined && options?.labels === undefined && options?.subpath === undefined && options?.nocopy !== true;
  if (simple) return { bind: bindString(name, volume) };
  return {
    mount: {
      ...common(volume),
      Source: name,
      VolumeOptions: { NoCopy: options?.nocopy, Subpath: options?.subpath, Labels: object(options?.labels) },
    },
  };
}

/** The source may be a service: then its image is meant. */
function imageSource(volume: VolumeMount, project: Project): string {
  const service = project.services.get(volume.source ?? "");
  return service === undefined ? (volume.source ?? "") : imageName(project, service);
}

/** Secrets and configs that are files are mounted; others are copied in before the start. */
function fileMounts({ service, project }: CreateContainer): readonly (readonly [string, Ask])[] {
  const secrets = (service.secrets ?? []).flatMap((mount) =>
    mountOf(project.secrets.get(mount.source), secretTarget(mount), { BindOptions: {} }),
  );
  const configs = (service.configs ?? []).flatMap((mount) =>
    mountOf(project.configs.get(mount.source), configTarget(mount), {}),
  );
  return [...secrets, ...configs];
}

function mountOf(
  file: FileObject | undefined,
  target: string,
  options: EngineJson,
): readonly (readonly [string, Ask])[] {
  if (file?.file === undefined) return [];
  return [[target, { mount: { Type: "bind", Source: file.file, Target: target, ReadOnly: true, ...options } }]];
}

function secretTarget({ source, target }: FileMount): string {
  if (target === undefined || target === "") return `/run/secrets/${source}`;
  return isAbsolute(target) ? target : `/run/secrets/${target}`;
}

function configTarget({ source, target }: FileMount): string {
  if (target === undefined || target === "") return `/${source}`;
  return isAbsolute(target) ? target : `/${target}`;
}

function isAbsolute(target: string): boolean {
  return target.startsWith("/") || /^[A-Za-z]:[\\/]/.test(target);
}
