import type { Report } from "../../model/diagnostic.ts";
import type { Service } from "../../model/project.ts";
import type { TreePath } from "../tree.ts";
import { atKey, atValue, declareHint, itemsAt, type Subject } from "./subject.ts";

/** Networks, volumes, secrets, configs and models that a service uses have to be declared. */
export function checkReferences(service: Service, subject: Subject, report: Report): void {
  const { document } = subject;
  const path = ["services", service.name];
  const context: Context = { service: service.name, subject, report };
  for (const name of service.networks?.keys() ?? [])
    if (!document.networks.has(name))
      undeclared(context, { name, section: "networks", path: [...path, "networks", name] });
  for (const [index, { type, source }] of itemsAt(subject, service.volumes)) {
    if (type !== "volume" || source === undefined || source === "" || document.volumes.has(source)) continue;
    const at = [...path, "volumes", index];
    if (/^[./~]/.test(source)) folder(context, source, at);
    else undeclared(context, { name: source, section: "volumes", path: [...at, "source"] });
  }
  for (const section of ["secrets", "configs"] as const)
    for (const [index, { source }] of itemsAt(subject, service[section]))
      if (!document[section].has(source))
        undeclared(context, { name: source, section, path: [...path, section, index, "source"] });
  for (const [index, { source }] of itemsAt(subject, service.build?.secrets))
    if (!document.secrets.has(source))
      undeclared(context, { name: source, section: "secrets", path: [...path, "build", "secrets", index, "source"] });
  for (const name of service.models?.keys() ?? [])
    if (!document.models.has(name)) undeclared(context, { name, section: "models", path: [...path, "models", name] });
}

interface Context {
  readonly service: string;
  readonly subject: Subject;
  readonly report: Report;
}

interface Missing {
  readonly name: string;
  readonly section: "networks" | "volumes" | "secrets" | "configs" | "models";
  readonly path: TreePath;
}

function undeclared({ service, subject, report }: Context, { name, section, path }: Missing): void {
  const kind = section.slice(0, -1);
  const message = `service "${service}" uses ${kind} "${name}", which is not declared`;
  const details = {
    code: `undefined-${kind}`,
    path,
    hint: declareHint(name, section, subject.document[section].keys()),
  };
  if (path.at(-1) === "source") atValue(subject, report, message, details);
  else atKey(subject, report, message, details);
}

/** Long form with a path, but the type of a named volume. */
function folder({ service, subject, report }: Context, source: string, path: TreePath): void {
  const message = `service "${service}" mounts "${source}" as a volume, but it is the path of a folder`;
  const hint = 'for a folder of this machine write "type: bind"';
  atValue(subject, report, message, { code: "path-as-volume", path: [...path, "source"], hint });
}
