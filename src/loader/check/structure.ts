import type { Report } from "../../model/diagnostic.ts";
import type { DeviceRequest, FileObject, Service, Volume } from "../../model/project.ts";
import { keySpan } from "../place.ts";
import { isIpAddress } from "../syntax/ip-address.ts";
import type { TreePath } from "../tree.ts";
import { atKey, atValue, itemsAt, type Subject } from "./subject.ts";

/** What the schema cannot say of one part of a document. Disabled services are no exception. */
export function checkStructure(subject: Subject, report: Report): void {
  const { document } = subject;
  for (const volume of document.volumes.values()) checkExternal(volume, subject, report);
  for (const config of document.configs.values()) checkSource(config, "configs", { subject, report });
  for (const secret of document.secrets.values()) checkSource(secret, "secrets", { subject, report });
  for (const service of document.services.values()) {
    checkHostAddresses(service, subject, report);
    checkWatchPaths(service, subject, report);
    const { gpus, deploy } = service;
    const base = ["services", service.name] as const;
    for (const [index, device] of itemsAt(subject, gpus))
      checkDevice(device, [...base, "gpus", index], { subject, report });
    const reserved = [...base, "deploy", "resources", "reservations", "devices"];
    for (const [index, device] of itemsAt(subject, deploy?.resources?.reservations?.devices))
      checkDevice(device, [...reserved, index], { subject, report });
  }
}

interface Context {
  readonly subject: Subject;
  readonly report: Report;
}

function checkExternal(volume: Volume, subject: Subject, report: Report): void {
  if (volume.external !== true) return;
  const path = ["volumes", volume.key];
  for (const key of ["driver", "driver_opts", "labels"] as const) {
    if (volume[key] === undefined) continue;
    const message = `volume "${volume.key}" is external, so "${key}" cannot be set for it`;
    const notes = [{ message: "external here", at: keySpan(subject.tree, [...path, "external"]) }];
    const hint = `remove "${key}", or "external"`;
    atKey(subject, report, message, { code: "external-volume", path: [...path, key], notes, hint });
  }
}

const sources = { configs: ["file", "environment", "content"], secrets: ["file", "environment"] } as const;

function checkSource(object: FileObject, section: "configs" | "secrets", { subject, report }: Context): void {
  const kind = section.slice(0, -1);
  const path = [section, object.key];
  const [first, second] = sources[section].filter((key) => object[key] !== undefined);
  if (first !== undefined && second !== undefined) {
    const message = `${kind} "${object.key}" has both "${first}" and "${second}"`;
    const notes = [{ message: `"${first}" is here`, at: keySpan(subject.tree, [...path, first]) }];
    const hint = "keep one of them";
    atKey(subject, report, message, { code: "several-sources", path: [...path, second], notes, hint });
  } else if (first === undefined && object.external !== true && object.driver === undefined) {
    const message = `${kind} "${object.key}" says nowhere where its content comes from`;
    const hint = `add one of: ${sources[section].join(", ")}; or "external: true"`;
    atKey(subject, report, message, { code: "no-source", path, hint });
  }
}

function checkHostAddresses(service: Service, subject: Subject, report: Report): void {
  for (const [index, port] of itemsAt(subject, service.ports)) {
    if (port.host_ip === undefined || isIpAddress(port.host_ip)) continue;
    const path = ["services", service.name, "ports", index, "host_ip"];
    const message = `service "${service.name}" publishes a port on "${port.host_ip}", which is not an IP address`;
    const hint = "a host name cannot stand here; use 127.0.0.1 for this machine only";
    atValue(subject, report, message, { code: "invalid-host-ip", path, hint });
  }
}

function checkWatchPaths(service: Service, subject: Subject, report: Report): void {
  for (const [index, rule] of itemsAt(subject, service.develop?.watch)) {
    if (rule.path.trim() !== "") continue;
    const path = ["services", service.name, "develop", "watch", index, "path"];
    const message = `service "${service.name}" watches a path that is blank`;
    atValue(subject, report, message, { code: "blank-path", path, hint: 'to watch the whole folder, write "."' });
  }
}

function checkDevice(device: DeviceRequest, path: TreePath, { subject, report }: Context): void {
  if (device.count === undefined || device.device_ids === undefined) return;
  const notes = [{ message: '"device_ids" is here', at: keySpan(subject.tree, [...path, "device_ids"]) }];
  const message = `service "${String(path[1])}" asks for devices both by "count" and by "device_ids"`;
  atKey(subject, report, message, { code: "count-and-ids", path: [...path, "count"], notes, hint: "keep one of them" });
}
