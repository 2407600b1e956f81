import type { Report, Span } from "../../model/diagnostic.ts";
import type { Service } from "../../model/project.ts";
import { errorAt } from "../blame.ts";
import { valueSpan } from "../place.ts";
import { itemsAt, type Subject } from "./subject.ts";

/** Two things cannot be mounted in the same place. */
export function checkMounts(service: Service, subject: Subject, report: Report): void {
  const taken = new Map<string, Span>();
  const path = ["services", service.name];
  const take = (target: string, place: readonly (string | number)[]): void => {
    const at = valueSpan(subject.tree, place);
    const first = taken.get(target);
    if (first === undefined) {
      taken.set(target, at);
      return;
    }
    const message = `service "${service.name}" mounts two things at "${target}"`;
    const notes = [{ message: "the first is here", at: first }];
    report(errorAt(message, { code: "duplicate-mount", at, path: place, notes, hint: "remove one of them" }));
  };
  for (const [index, spec] of itemsAt(subject, service.tmpfs))
    take(spec.split(":", 1)[0] ?? spec, [...path, "tmpfs", index]);
  for (const [index, { target }] of itemsAt(subject, service.volumes)) take(target, [...path, "volumes", index]);
}
