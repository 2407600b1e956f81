import type { NullableMap, Project, Service } from "../model/project.ts";

/** As docker compose does: what a provider says wins over the file, and is part of the container's hash. */
export function withProvided(project: Project, provided: ReadonlyMap<string, ReadonlyMap<string, string>>): Project {
  return withVariables(project, (service) =>
    [...(service.depends_on?.keys() ?? [])].flatMap((name) => [...(provided.get(name) ?? [])]),
  );
}

/** Which model, and where it answers: LLM_MODEL and LLM_URL for a model "llm", unless the service names them itself. */
export function withModels(project: Project, endpoints: ReadonlyMap<string, string>): Project {
  return withVariables(project, (service) =>
    [...(service.models ?? [])].flatMap(([key, names]): [string, string][] => {
      const model = project.models.get(key);
      const endpoint = endpoints.get(key);
      if (model === undefined || endpoint === undefined) return [];
      const prefix = key.toUpperCase().replaceAll("-", "_");
      return [
        [names?.model_var ?? `${prefix}_MODEL`, model.model],
        [names?.endpoint_var ?? `${prefix}_URL`, endpoint],
      ];
    }),
  );
}

function withVariables(
  project: Project,
  variablesOf: (service: Service) => readonly (readonly [string, string])[],
): Project {
  const change = (service: Service): Service => {
    const variables = variablesOf(service);
    const environment: NullableMap = new Map([...(service.environment ?? []), ...variables]);
    return variables.length === 0 ? service : { ...service, environment };
  };
  return { ...project, services: new Map([...project.services].map(([name, each]) => [name, change(each)])) };
}
