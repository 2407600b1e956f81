import os from "node:os";

import type { NullableMap, Project, Service, StringMap } from "../model/project.ts";

/** "<host>/<pid>" of the process that a project is there for. */
export const ownerLabel = "dev.tscompose.test-owner";

export function ownOwner(): string {
  return `${os.hostname()}/${process.pid}`;
}

/** The project without what only one project of a machine can have: fixed host ports and names. */
export async function isolated(project: Project): Promise<Project> {
  return {
    ...project,
    services: new Map([...project.services].map(([name, service]) => [name, isolatedService(service)])),
    networks: renamed(project.networks, project.name),
    volumes: renamed(project.volumes, project.name),
  };
}

function isolatedService(service: Service): Service {
  const { container_name: _name, ports, ...rest } = service;
  return {
    ...rest,
    ...(ports !== undefined && { ports: ports.map(({ published: _published, ...port }) => port) }),
    labels: owned(service.labels),
  };
}

type Resource = { readonly name: string; readonly external?: boolean; readonly labels?: StringMap };

function renamed<T extends Resource>(resources: ReadonlyMap<string, T>, project: string): ReadonlyMap<string, T> {
  return new Map(
    [...resources].map(([key, resource]) => {
      if (resource.external === true) return [key, resource];
      return [key, { ...resource, name: `${project}_${key}`, labels: owned(resource.labels) }];
    }),
  );
}

function owned(labels: StringMap | NullableMap | undefined): StringMap {
  const given = [...(labels ?? [])].map(([name, value]): [string, string] => [name, value ?? ""]);
  return new Map([...given, [ownerLabel, ownOwner()]]);
}
