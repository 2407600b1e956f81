import { errorAt, grammarError, warningAt } from "./blame.ts";
import type { CanonicalPlace } from "./canonical.ts";
import { longForm } from "./plain.ts";
import { parseDevice } from "./syntax/device.ts";
import type { Unparsed } from "./syntax/parsed.ts";
import { parsePort } from "./syntax/port.ts";
import { convertWindowsPath, parseVolumeMount, type ParsedVolumeMount } from "./syntax/volume-mount.ts";
import type { MapTree, ScalarTree, Tree } from "./tree.ts";
import { variableNotes } from "./variables.ts";

/** A list, as one short form may stand for several ports. */
export function longPorts(tree: Tree, place: CanonicalPlace): Tree {
  if (tree.kind !== "list" || tree.items.every((item) => item.kind === "map")) return tree;
  // As long as one of them cannot be read, nobody knows how many there are.
  if (place.lenient && tree.items.some((item) => item.kind === "scalar" && !parsePort(String(item.value)).ok))
    return tree;
  const items = tree.items.flatMap((item, index) => longPort(item, { ...place, path: [...place.path, index] }));
  return { ...tree, items };
}

function longPort(item: Tree, place: CanonicalPlace): Tree | readonly Tree[] {
  if (item.kind !== "scalar" || item.value === null || typeof item.value === "boolean") return item;
  if (typeof item.value === "number" && !Number.isInteger(item.value)) {
    const message = `the port ${item.written ?? item.value} is not a whole number`;
    place.report(
      errorAt(message, {
        code: "invalid-port",
        at: item.at,
        path: place.path,
        hint: "quote it if it is meant as text",
      }),
    );
    return item;
  }
  const ports = parsePort(String(item.value));
  if (!ports.ok) {
    refuse(item, ports, { ...place, code: "invalid-port" });
    return [];
  }
  warnSexagesimal(item, place);
  return ports.value.map((port) => longForm(item, { ...port }));
}

/** Old YAML reads `22:22` as a number of base 60; ours does not, but the next tool may. */
function warnSexagesimal(item: ScalarTree, { path, report }: CanonicalPlace): void {
  const { value, quoted, template } = item;
  if (quoted === true || template !== undefined || !/^\d{1,2}:[0-5]?\d$/.test(String(value))) return;
  const [hours = "0", minutes = "0"] = String(value).split(":");
  const number = Number(hours) * 60 + Number(minutes);
  const message = `without quotes, ${String(value)} is the number ${number} to readers of old YAML`;
  report(warningAt(message, { code: "yaml-sexagesimal", at: item.at, path, hint: `write "${String(value)}"` }));
}

export function longMount(tree: Tree, place: CanonicalPlace): Tree {
  if (tree.kind === "map") checkSource(tree, place);
  if (tree.kind !== "scalar" || typeof tree.value !== "string") return tree;
  const parsed = parseVolumeMount(tree.value);
  if (!parsed.ok) return refuse(tree, parsed, { ...place, code: "invalid-volume" });
  warnMount(tree, parsed.value, place);
  const { source, bind, volume, ...mount } = parsed.value.mount;
  const converts = /^(1|t|true|y|yes|on)$/i.test(place.environment.get("COMPOSE_CONVERT_WINDOWS_PATHS") ?? "");
  return longForm(tree, {
    type: mount.type,
    source: source !== undefined && converts ? convertWindowsPath(source) : source,
    target: mount.target,
    read_only: mount.read_only,
    bind: bind && { ...bind },
    volume: volume && { nocopy: volume.nocopy },
  });
}

function checkSource(mount: MapTree, { path, report }: CanonicalPlace): void {
  const type = mount.entries.get("type")?.value;
  if (type?.kind !== "scalar" || type.value !== "bind" || mount.entries.has("source")) return;
  const hint = 'add "source", the path on this machine';
  report(errorAt("a bind mount has no source", { code: "missing-source", at: mount.at, path, hint }));
}

function warnMount(tree: ScalarTree, parsed: ParsedVolumeMount, { path, report }: CanonicalPlace): void {
  const { mount, oneLetterName, unknownOptions } = parsed;
  if (oneLetterName) {
    const message = `docker compose takes "${mount.source}:" for a Windows drive; here it is the volume "${mount.source}"`;
    report(warningAt(message, { code: "one-letter-volume", at: tree.at, path, hint: "give the volume a longer name" }));
  }
  for (const option of unknownOptions) {
    const message = `the mount option "${option}" means nothing and is ignored`;
    const hint = "known are ro, rw, nocopy, z, Z and the propagations, such as rshared";
    report(warningAt(message, { code: "unknown-option", at: tree.at, path, hint }));
  }
}

export function longDevice(tree: Tree, place: CanonicalPlace): Tree {
  if (tree.kind !== "scalar" || typeof tree.value !== "string") return tree;
  const device = parseDevice(tree.value);
  return device.ok ? longForm(tree, { ...device.value }) : refuse(tree, device, { ...place, code: "invalid-device" });
}

function refuse(tree: ScalarTree, problem: Unparsed, place: CanonicalPlace & { readonly code: string }): Tree {
  if (place.lenient && String(tree.value).includes("$")) return tree;
  const { code, path, report, variables } = place;
  const notes = variableNotes(tree, variables);
  report(grammarError(tree, problem, { code, path, notes }));
  return tree;
}
