import { imageName } from "../../model/names.ts";
import type { FileMount, FileObject, Project, VolumeMount } from "../../model/project.ts";
import type { CreateContainer, EngineInfo } from "../engine.ts";
import { hasApi } from "../support.ts";
import { apiSocket } from "./api-socket.ts";
import type { Body } from "./container.ts";
import { record } from "./record.ts";

type Request = Pick<CreateContainer, "project" | "service" | "inherits">;
type Info = Pick<EngineInfo, "api">;

/** What is mounted at one path: a text where it says enough, an object elsewhere. */
type Mounted = { readonly target: string } & (
  | { readonly kind: "bind"; readonly text: string }
  | { readonly kind: "mount"; readonly body: Body }
);

/** The first one to claim a path has it. */
export function bindsAndMounts(request: Request, info: Info): Body {
  const byTarget = new Map<string, Mounted>();
  for (const mounted of claims(request, info)) if (!byTarget.has(mounted.target)) byTarget.set(mounted.target, mounted);
  const all = [...byTarget.values()];
  const binds = all.flatMap((each) => (each.kind === "bind" ? [each.text] : []));
  const mounts = all.flatMap((each) => (each.kind === "mount" ? [each.body] : []));
  return { Binds: binds.length === 0 ? undefined : binds, Mounts: mounts.length === 0 ? undefined : mounts };
}

/** In the order of their right to a path: volumes with a name, what the old container had, anonymous ones, files. */
function claims({ project, service, inherits }: Request, info: Info): Mounted[] {
  const volumes = service.volumes ?? [];
  const isAnonymous = (mount: VolumeMount): boolean => mount.type === "volume" && mount.source === undefined;
  return [
    ...volumes.filter((mount) => !isAnonymous(mount)).map((mount) => named(mount, project, info)),
    ...inherits.map(inherited),
    ...volumes.filter(isAnonymous).map((mount) => mountOf(mount, project, info)),
    ...(service.use_api_socket === true ? [apiSocketBind] : []),
    ...(service.secrets ?? []).flatMap((mount) => fileMount(mount, project.secrets, "/run/secrets/")),
    ...(service.configs ?? []).flatMap((mount) => fileMount(mount, project.configs, "/")),
  ];
}

const apiSocketBind: Mounted = { target: apiSocket, kind: "bind", text: `${apiSocket}:${apiSocket}:rw` };

function inherited({ destination, volume, readOnly }: CreateContainer["inherits"][number]): Mounted {
  const body = { Type: "volume", Source: volume, Target: destination, ReadOnly: readOnly };
  return { target: destination, kind: "mount", body };
}

function named(mount: VolumeMount, project: Project, info: Info): Mounted {
  if (mount.type === "bind" && bindTextWillDo(mount, info)) return bindOf(mount, mount.source ?? "");
  const declared = mount.type === "volume" ? project.volumes.get(mount.source ?? "") : undefined;
  if (declared !== undefined && !hasVolumeOptions(mount)) return bindOf(mount, declared.name);
  return mountOf(mount, project, info);
}

function hasVolumeOptions({ volume }: VolumeMount): boolean {
  return volume?.labels !== undefined || volume?.subpath !== undefined || volume?.nocopy === true;
}

/** Only the text knows selinux; only the object knows recursion, and can insist that the folder exists. */
function bindTextWillDo({ bind }: VolumeMount, info: Info): boolean {
  if (bind === undefined) return true;
  if (bind.recursive !== undefined || bind.create_host_path === false) return false;
  return bind.propagation === undefined || bind.selinux !== undefined || !hasApi(info, "1.42");
}

function bindOf(mount: VolumeMount, source: string): Mounted {
  const { bind } = mount;
  const options = [mount.read_only === true ? "ro" : "rw", bind?.selinux, bind?.propagation].filter(
    (option) => option !== undefined && option !== "",
  );
  return { target: mount.target, kind: "bind", text: `${source}:${mount.target}:${options.join(",")}` };
}

function mountOf(mount: VolumeMount, project: Project, info: Info): Mounted {
  const body = {
    Type: mount.type,
    Source: mountSource(mount, project),
    Target: mount.target,
    ReadOnly: mount.read_only === true,
    Consistency: mount.consistency,
    ...typeOptions(mount, info),
  };
  return { target: mount.target, kind: "mount", body };
}

/** The source of an image mount may be a service: then its image is meant. */
function mountSource(mount: VolumeMount, project: Project): string | undefined {
  const source = mount.source ?? "";
  switch (mount.type) {
    case "volume":
      return project.volumes.get(source)?.name ?? source;
    case "image": {
      const service = project.services.get(source) ?? project.disabledServices.get(source);
      return service === undefined ? source : imageName(project, service);
    }
    case "tmpfs":
      return undefined;
    case "bind":
    case "npipe":
    case "cluster":
      return source;
  }
}

/** A block for another type than the mount's own is of no use to the engine, and newer ones refuse it. */
function typeOptions(mount: VolumeMount, info: Info): Body {
  switch (mount.type) {
    case "bind":
      return { BindOptions: bindOptions(mount, info) };
    case "volume":
      return { VolumeOptions: volumeOptions(mount) };
    case "tmpfs":
      return { TmpfsOptions: { SizeBytes: mount.tmpfs?.size, Mode: mount.tmpfs?.mode } };
    case "image":
      return { ImageOptions: { Subpath: mount.image?.subpath } };
    case "npipe":
    case "cluster":
      return {};
  }
}

function bindOptions({ bind }: VolumeMount, info: Info): Body {
  return {
    Propagation: bind?.propagation,
    CreateMountpoint: hasApi(info, "1.42") && bind?.create_host_path === true ? true : undefined,
    NonRecursive: bind?.recursive === "disabled" ? true : undefined,
    ReadOnlyNonRecursive: bind?.recursive === "writable" ? true : undefined,
    ReadOnlyForceRecursive: bind?.recursive === "readonly" ? true : undefined,
  };
}

function volumeOptions({ volume }: VolumeMount): Body {
  return { NoCopy: volume?.nocopy, Subpath: volume?.subpath, Labels: record(volume?.labels) };
}

/** Only what lies in a file can be mounted; values and texts are copied into the container before it starts. */
function fileMount(
  mount: FileMount,
  objects: ReadonlyMap<string, FileObject>,
  folder: "/run/secrets/" | "/",
): Mounted[] {
  const file = objects.get(mount.source)?.file;
  if (file === undefined) return [];
  const wanted = mount.target === undefined || mount.target === "" ? mount.source : mount.target;
  const target = /^(\/|[A-Za-z]:[\\/])/.test(wanted) ? wanted : folder + wanted;
  const body = { Type: "bind", Source: file, Target: target, ReadOnly: true, BindOptions: {} };
  return [{ target, kind: "mount", body }];
}
