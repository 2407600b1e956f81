import { RemoteError } from "../../loader/remote/error.ts";
import { openRegistry, type Registry } from "../../loader/remote/registry.ts";
import { parseImageReference } from "../../loader/syntax/image-reference.ts";
import type { Document, DocumentMap } from "../../model/document.ts";
import { UsageError } from "../../model/error.ts";
import type { Project, Service } from "../../model/project.ts";
import type { ActionContext } from "../context.ts";

/** Every image by the digest that its tag stands for now; the registries are asked, no engine is needed. */
export async function resolveImages(project: Project, { source, signal }: ActionContext): Promise<Project> {
  const registry = openRegistry(source.registry ?? { credentials: async () => undefined }, signal);
  const known = new Map<string, Promise<string>>();
  const resolve = (image: string): Promise<string> => {
    const found = known.get(image) ?? pin(image, registry);
    known.set(image, found);
    return found;
  };
  const services = await Promise.all(
    [...project.services].map(async ([name, service]): Promise<[string, Service]> => {
      const { image } = service;
      return [name, image === undefined ? service : { ...service, image: await resolve(image) }];
    }),
  );
  return { ...project, services: new Map(services) };
}

/** Puts the images into the document as it is written; "only" leaves everything else out. */
export function lockImages(
  document: DocumentMap,
  services: ReadonlyMap<string, Service>,
  extent: "resolve" | "only",
): DocumentMap {
  const written = document.get("services");
  if (!(written instanceof Map)) return document;
  const locked = new Map<string, Document>();
  for (const [name, service] of written) {
    const image = services.get(name)?.image;
    const own = extent === "only" || !(service instanceof Map) ? [] : [...service];
    const fields = new Map<string, Document>(own);
    if (image !== undefined) fields.set("image", image);
    locked.set(name, fields);
  }
  return extent === "only" ? new Map([["services", locked]]) : new Map(document).set("services", locked);
}

async function pin(image: string, registry: Registry): Promise<string> {
  const reference = parseImageReference(image);
  if (!reference.ok) throw new UsageError(reference.message, reference.hint);
  const { domain, path, tag = "latest", digest } = reference.value;
  if (digest !== undefined) return `${domain}/${path}@${digest}`;
  try {
    return `${domain}/${path}:${tag}@${await registry.digest({ domain, path }, tag)}`;
  } catch (error) {
    if (error instanceof RemoteError) throw new UsageError(error.message, error.hint);
    throw error;
  }
}
