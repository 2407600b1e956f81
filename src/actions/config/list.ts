import { printYaml } from "../../loader/print.ts";
import { child, type MapTree, type Tree } from "../../loader/tree.ts";
import { variableList } from "../../loader/variable-list.ts";
import { compareCodePoints } from "../../model/document.ts";
import { UsageError } from "../../model/error.ts";
import { serviceHash } from "../../model/hash.ts";
import { imageName } from "../../model/names.ts";
import type { Project, Service } from "../../model/project.ts";
import { nearest } from "../../model/suggest.ts";
import { startOrder } from "../../planner/order.ts";

export type Listing = "services" | "volumes" | "networks" | "models" | "images" | "profiles";

/** One name a line. Where docker compose's order changes from run to run, ours is by name. */
export function listProject(project: Project, listing: Listing): string {
  const { services, disabledServices } = project;
  switch (listing) {
    case "services":
      return lines(startOrder(services, project.origins));
    case "volumes":
    case "networks":
      return lines(sorted(project[listing].keys()));
    case "models":
      return lines(sorted([...project.models.values()].map(({ model }) => model)));
    case "images":
      return lines([...services.values()].map((service) => imageName(project, service)));
    case "profiles":
      return lines(
        sorted(new Set([...services.values(), ...disabledServices.values()].flatMap(({ profiles }) => profiles ?? []))),
      );
  }
}

/** The same from the document as it is written. */
export function listTree(tree: MapTree, listing: Listing): string {
  const section = child(tree, listing === "images" || listing === "profiles" ? "services" : listing);
  if (section?.kind !== "map") return "";
  if (listing === "images")
    return lines(texts([...section.entries.values()].map((each) => child(each.value, "image"))));
  if (listing === "models")
    return lines(sorted(texts([...section.entries.values()].map((each) => child(each.value, "model")))));
  if (listing !== "profiles") return lines(sorted(section.entries.keys()));
  const profiles = [...section.entries.values()].map((each) => child(each.value, "profiles"));
  return lines(sorted(new Set(texts(profiles.flatMap((each) => (each?.kind === "list" ? each.items : []))))));
}

export function listHashes(project: Project, wanted: string): string {
  const names = wanted === "*" ? [...project.services.keys()] : wanted.split(",");
  const defaultPlatform = project.environment.get("DOCKER_DEFAULT_PLATFORM");
  return lines(
    names.toSorted(compareCodePoints).map((name) => {
      const hash = serviceHash(find(project, name), { generation: "v2", defaultPlatform });
      return `${name} ${hash}`;
    }),
  );
}

export function listEnvironment({ environment }: Project): string {
  return lines(sorted([...environment].map(([key, value]) => `${key}=${value}`)));
}

/** A table, or data with the words that docker compose has for it. */
export function listVariables(tree: MapTree, format: "yaml" | "json" | undefined): string {
  const variables = variableList(tree).map((each) => ({
    Name: each.name,
    DefaultValue: each.default ?? "",
    PresenceValue: each.alternate ?? "",
    Required: each.required,
  }));
  if (format === "json") {
    return `${JSON.stringify(Object.fromEntries(variables.map((each) => [each.Name, each])), undefined, 4)}\n`;
  }
  if (format === "yaml") return printYaml(new Map(variables.map((each) => [each.Name, lowerCase(each)])));
  const header = ["NAME", "REQUIRED", "DEFAULT VALUE", "ALTERNATE VALUE"];
  const rows = variables.map((each) => [each.Name, String(each.Required), each.DefaultValue, each.PresenceValue]);
  return table([header, ...rows]);
}

function find({ services, disabledServices }: Project, name: string): Service {
  const service = services.get(name);
  if (service !== undefined) return service;
  if (disabledServices.has(name))
    throw new UsageError(`service ${name} is disabled`, "enable one of its profiles with --profile");
  const likely = nearest(name, services.keys());
  throw new UsageError(`no such service: ${name}`, likely === undefined ? undefined : `did you mean "${likely}"?`);
}

function lowerCase(row: Readonly<Record<string, string | boolean>>): ReadonlyMap<string, string | boolean> {
  return new Map(Object.entries(row).map(([key, value]) => [key.toLowerCase(), value]));
}

/** Columns of at least 20 characters, three blanks apart. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(20, ...rows.map((row) => (row[column] ?? "").length + 3)));
  return lines(
    rows.map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("")
        .trimEnd(),
    ),
  );
}

function texts(trees: readonly (Tree | undefined)[]): readonly string[] {
  return trees.flatMap((tree) => (tree?.kind === "scalar" && typeof tree.value === "string" ? [tree.value] : []));
}

function sorted(names: Iterable<string>): readonly string[] {
  return [...names].sort(compareCodePoints);
}

function lines(texts: readonly string[]): string {
  return texts.map((text) => `${text}\n`).join("");
}
