import { isCodeFile } from "../loader/code/code-file.ts";
import { printYaml } from "../loader/print.ts";
import { loadProject } from "../loader/project.ts";
import { type Publication, publicationOf } from "../loader/publication.ts";
import { RemoteError } from "../loader/remote/error.ts";
import { isRemoteReference } from "../loader/remote/reference.ts";
import { openRegistry, type Registry } from "../loader/remote/registry.ts";
import { fetchRemote } from "../loader/remote/remote.ts";
import { parseImageReference } from "../loader/syntax/image-reference.ts";
import { ProjectError, UsageError } from "../model/error.ts";
import type { Project } from "../model/project.ts";
import { planPush } from "../planner/push.ts";
import { change } from "./change.ts";
import { lockImages, resolveImages } from "./config/image-digest.ts";
import type { ActionContext, ChangeResult } from "./context.ts";
import { type Destination, digestOf, type Layer, uploadArtifact } from "./publish/artifact.ts";
import { checkPublication } from "./publish/consent.ts";
import { attachImages, type ImageSource } from "./publish/copy-images.ts";

export interface PublishOptions {
  /** "registry.example.com/team/stack:1" */
  readonly reference: string;
  readonly resolveImageDigests: boolean;
  /** With the images that the services use. */
  readonly app: boolean;
  readonly ociVersion?: "1.0" | "1.1" | undefined;
  readonly withEnv: boolean;
}

export interface PublishResult extends ChangeResult {
  /** What the artifact consists of. */
  readonly layers: readonly { readonly name: string; readonly bytes: number }[];
  /** Absent after a dry run. */
  readonly digest?: string;
}

/** The project as an artifact in a registry: `-f oci://…` reads it. Images that are built here are pushed first. */
export async function publish(context: ActionContext, options: PublishOptions): Promise<PublishResult> {
  const destination = destinationOf(options.reference);
  // All of it: who runs it enables what they want.
  const source = { ...context.source, profiles: ["*"], resolveEnvironment: false, allResources: true };
  const { project, warnings } = await loadProject({ ...source, signal: context.signal });
  for (const warning of warnings) context.report(warning);
  const { files, diagnostics } = await publication(context, project);
  if (diagnostics.some(({ severity }) => severity === "error")) throw new ProjectError(diagnostics);
  await checkPublication(context, project, { files, withEnv: options.withEnv });
  mentionWhatStays(context, project);
  const { plan } = await pushBuilt(context, project);
  const layers: readonly Layer[] = files;
  if (context.dryRun) return { plan, layers: layers.map(outline) };
  const registry = openRegistry(context.source.registry ?? { credentials: async () => undefined }, context.signal);
  const pinned = options.resolveImageDigests || options.app ? [...layers, await digestLayer(context, project)] : layers;
  const uploaded = await asUsageError(() => upload(registry, { destination, layers: pinned, project, options }));
  const resource = `artifact ${options.reference}`;
  context.onEvent({ kind: "resource.unchanged", resource, status: "Published" });
  return { plan, layers: pinned.map(outline), digest: uploaded };
}

function outline({ name, text }: Layer): { readonly name: string; readonly bytes: number } {
  return { name, bytes: Buffer.byteLength(text) };
}

function destinationOf(text: string): Destination {
  const reference = parseImageReference(text.replace(/^oci:\/\//, ""));
  if (!reference.ok) throw new UsageError(reference.message, reference.hint);
  const { domain, path, tag = "latest", digest } = reference.value;
  if (digest !== undefined) {
    throw new UsageError("a project is published under a tag; its digest is only known afterwards", "write NAME:TAG");
  }
  return { repository: { domain, path }, tag };
}

async function publication({ source, signal }: ActionContext, project: Project): Promise<Publication> {
  const { environment, registry = { credentials: async () => undefined } } = source;
  const files = await Promise.all(
    project.files.map(async (file) => {
      if (file === "-" || isCodeFile(file)) {
        throw new UsageError(
          `${file === "-" ? "standard input" : file} is no file that can be published`,
          "write the project to a file first: tscompose config --no-interpolate > compose.yaml",
        );
      }
      if (!isRemoteReference(file)) return file;
      return (await asUsageError(() => fetchRemote(file, { environment, registry, signal }))).path;
    }),
  );
  const nameFor = (text: string): string => digestOf(text).slice("sha256:".length);
  return publicationOf({ files, workingDir: project.workingDir, environment: project.environment, nameFor });
}

/** Secrets and configs stay where they are: who runs the project brings their own. */
function mentionWhatStays({ onEvent }: ActionContext, { secrets, configs }: Project): void {
  const kinds = [
    ...[...secrets.values()].map((each) => ["secret", each] as const),
    ...[...configs.values()].map((each) => ["config", each] as const),
  ];
  for (const [kind, { key, file }] of kinds) {
    if (file === undefined) continue;
    const message = `the file of ${kind} "${key}" is not published: who runs the project has to have it`;
    onEvent({ kind: "notice", severity: "info", message });
  }
}

/** Needs an engine only where there is something to push. */
async function pushBuilt(context: ActionContext, project: Project): Promise<ChangeResult> {
  const plan = planPush(project, { ignorePushFailures: true });
  if (plan.steps.length === 0) return { plan: { ...plan, unchanged: [] } };
  return change(context, { verb: "publish", project: async () => project, interest: {}, plan: () => plan });
}

/** The last file, so that its images are those that count. */
async function digestLayer(context: ActionContext, project: Project): Promise<Layer> {
  const { services } = await resolveImages(project, context);
  const named = new Map(
    [...services].flatMap(([name, { image }]) => (image === undefined ? [] : [[name, new Map()] as const])),
  );
  const text = printYaml(lockImages(new Map([["services", named]]), services, "only"));
  return { kind: "compose", name: "image-digests.yaml", text };
}

interface Upload {
  readonly destination: Destination;
  readonly layers: readonly Layer[];
  readonly project: Project;
  readonly options: PublishOptions;
}

async function upload(registry: Registry, { destination, layers, project, options }: Upload): Promise<string> {
  const { app, ociVersion } = options;
  const subject = await uploadArtifact(registry, destination, { layers, ociVersion });
  if (app) await attachImages(registry, { repository: destination.repository, subject }, imagesOf(project));
  return subject.digest;
}

function imagesOf({ services }: Project): readonly ImageSource[] {
  const images = new Set([...services.values()].flatMap(({ image }) => image ?? []));
  return [...images].flatMap((image) => {
    const parsed = parseImageReference(image);
    if (!parsed.ok) return [];
    const { domain, path, tag = "latest", digest } = parsed.value;
    return [{ repository: { domain, path }, reference: digest ?? tag }];
  });
}

async function asUsageError<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof RemoteError) throw new UsageError(error.message, error.hint);
    throw error;
  }
}
