import type { Report } from "../../model/diagnostic.ts";
import { valueSpan } from "../place.ts";
import { atKey, atValue, type Subject } from "./subject.ts";

/** A secret with a driver of its own still needs a source here: the engine knows no such drivers. */
export function checkSources(subject: Subject, report: Report): void {
  for (const { key, driver, file, environment, external } of subject.document.secrets.values()) {
    if (driver === undefined || file !== undefined || environment !== undefined || external === true) continue;
    const message = `secret "${key}" says nowhere where its content comes from`;
    const hint = 'add one of: file, environment; or "external: true"';
    atKey(subject, report, message, { code: "no-source", path: ["secrets", key], hint });
  }
}

/** The engine has one container of a name. */
export function checkContainerNames(subject: Subject, report: Report): void {
  const owners = new Map<string, string>();
  for (const { name, container_name } of subject.enabled.values()) {
    if (container_name === undefined) continue;
    const path = ["services", name, "container_name"];
    const owner = owners.get(container_name);
    if (owner === undefined) {
      owners.set(container_name, name);
      continue;
    }
    const message = `services "${owner}" and "${name}" both want the container name "${container_name}"`;
    const notes = [
      { message: `"${owner}" has it here`, at: valueSpan(subject.tree, ["services", owner, "container_name"]) },
    ];
    const hint = "give one of them another name, or leave the name out";
    atValue(subject, report, message, { code: "duplicate-container-name", path, notes, hint });
  }
}
