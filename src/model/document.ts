import { fileObject, model, network, volume } from "./document/resource.ts";
import { service } from "./document/service.ts";
import {
  compareCodePoints,
  json,
  map,
  sortedKeys,
  type Document,
  type DocumentMap,
  type DocumentStyle,
  type Generation,
  type Writer,
} from "./document/writer.ts";
import { compareNatural } from "./natural.ts";
import type { Network, Project, Service, Volume } from "./project.ts";

export type { Document, DocumentMap, DocumentStyle, Generation } from "./document/writer.ts";
export { compareCodePoints, sortedKeys } from "./document/writer.ts";

export const yamlStyle: DocumentStyle = { format: "yaml", purpose: "show", generation: "v2", compare: compareNatural };
export const jsonStyle: DocumentStyle = {
  format: "json",
  purpose: "show",
  generation: "v2",
  compare: compareCodePoints,
};

/** The whole project as `config` prints it; `$` is not doubled yet. */
export function projectDocument(project: Project, style: DocumentStyle): DocumentMap {
  const services = section(project.services, service, style) ?? new Map();
  const sections = {
    networks: section(project.networks, network, style),
    volumes: section(project.volumes, volume, style),
    secrets: section(project.secrets, fileObject, style),
    configs: section(project.configs, fileObject, style),
    models: section(project.models, model, style),
  };
  const document = new Map<string, Document>();
  const add = (key: string, value: Document | undefined): void => {
    if (value !== undefined) document.set(key, value);
  };
  if (style.format === "yaml") {
    add("name", project.name || undefined);
    add("services", services);
    for (const [key, value] of Object.entries(sections)) add(key, value);
  } else {
    // docker compose's JSON has no models: an oversight that its readers do not miss.
    add("configs", sections.configs);
    add("name", project.name);
    add("networks", sections.networks);
    add("secrets", sections.secrets);
    add("services", services);
    add("volumes", sections.volumes);
  }
  for (const key of sortedKeys(project.extensions, style)) add(key, json(project.extensions.get(key) ?? null, style));
  return document;
}

export function serviceDocument(value: Service, generation: Generation): DocumentMap {
  return service(value, { ...jsonStyle, purpose: "hash", generation });
}

export function networkDocument(value: Network, generation: Generation): DocumentMap {
  return network(value, { ...jsonStyle, purpose: "hash", generation });
}

export function volumeDocument(value: Volume): DocumentMap {
  return volume(value, jsonStyle);
}

function section<T>(resources: ReadonlyMap<string, T>, write: Writer<T>, style: DocumentStyle): Document | undefined {
  return map(write)(resources, style);
}
