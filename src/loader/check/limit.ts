import type { Report } from "../../model/diagnostic.ts";
import { desiredScale } from "../../model/names.ts";
import type { Service } from "../../model/project.ts";
import { keySpan, nodeAt, textAt } from "../place.ts";
import type { TreePath } from "../tree.ts";
import { atKey, atValue, type Subject } from "./subject.ts";

/** What can be said in two places has to be the same in both. */
export function checkLimits(service: Service, subject: Subject, report: Report): void {
  for (const pair of pairs) checkPair(service, pair, { subject, report });
  const path = ["services", service.name];
  for (const [value, place] of [
    [service.scale, [...path, "scale"]],
    [service.deploy?.replicas, [...path, "deploy", "replicas"]],
  ] as const) {
    if (value === undefined || value >= 0) continue;
    const message = `service "${service.name}" wants ${value} containers`;
    atValue(subject, report, message, { code: "negative-scale", path: place, hint: "use 0 for none" });
  }
  if (service.container_name === undefined || desiredScale(service) <= 1) return;
  const message = `service "${service.name}" wants ${desiredScale(service)} containers, but has a name for one only`;
  const place = service.scale === undefined ? [...path, "deploy", "replicas"] : [...path, "scale"];
  const notes = [{ message: "how many it wants is set here", at: keySpan(subject.tree, place) }];
  const hint = `remove "container_name": the containers are then called ${service.name}-1, ${service.name}-2 …`;
  atKey(subject, report, message, { code: "name-with-scale", path: [...path, "container_name"], notes, hint });
}

interface Pair {
  readonly key: "scale" | "cpus" | "mem_limit" | "pids_limit" | "mem_reservation";
  readonly other: readonly [string, ...string[]];
  readonly read: (service: Service) => number | undefined;
}

const limits = ["deploy", "resources", "limits"] as const;
const pairs: readonly Pair[] = [
  { key: "scale", other: ["deploy", "replicas"], read: ({ deploy }) => deploy?.replicas },
  { key: "cpus", other: [...limits, "cpus"], read: ({ deploy }) => deploy?.resources?.limits?.cpus },
  {
    key: "mem_limit",
    other: [...limits, "memory"],
    read: ({ deploy }) => deploy?.resources?.limits?.memory,
  },
  {
    key: "pids_limit",
    other: [...limits, "pids"],
    read: ({ deploy }) => deploy?.resources?.limits?.pids,
  },
  {
    key: "mem_reservation",
    other: ["deploy", "resources", "reservations", "memory"],
    read: ({ deploy }) => deploy?.resources?.reservations?.memory,
  },
];

interface Context {
  readonly subject: Subject;
  readonly report: Report;
}

function checkPair(service: Service, { key, other, read }: Pair, { subject, report }: Context): void {
  const own = service[key];
  const path = ["services", service.name];
  if (own === undefined || (own === 0 && key !== "scale")) return;
  const value = read(service);
  // A `limits` block that leaves the value out says: no limit. `replicas` left out says nothing.
  if (value === undefined && (key === "scale" || nodeAt(subject.tree, [...path, ...other.slice(0, -1)]) === undefined))
    return;
  if (value === own) return;
  const place = other.join(".");
  const written = (at: TreePath, known: number): string => textAt(subject.tree, [...path, ...at]) ?? String(known);
  const found = value === undefined ? `"${place}" leaves it open` : `"${place}" is ${written(other, value)}`;
  const message = `service "${service.name}" has "${key}" ${written([key], own)}, but ${found}`;
  const notes = [{ message: `"${place}" is set here`, at: keySpan(subject.tree, [...path, ...other]) }];
  atKey(subject, report, message, {
    code: "two-limits",
    path: [...path, key],
    notes,
    hint: "give both the same value, or remove one",
  });
}
