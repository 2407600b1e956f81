import type { Report } from "../model/diagnostic.ts";
import { warningAt } from "./blame.ts";
import { child, type MapTree, type Tree, type TreePath } from "./tree.ts";

/** What the rules allow and nobody means: ports that an override file adds where it was to replace them. */
export function warnSlips(tree: MapTree, report: Report): void {
  const services = child(tree, "services");
  if (services?.kind !== "map") return;
  for (const [name, { value }] of services.entries) {
    const ports = child(value, "ports");
    if (ports?.kind === "list") checkPorts(ports.items.map(readPort), ["services", name, "ports"], report);
  }
}

interface Published {
  readonly tree: Tree;
  readonly host: string;
  readonly published: string;
  readonly target: string;
  readonly protocol: string;
}

/** On one host port only one can listen; one container port on two host ports is odd when two files ask for it. */
function checkPorts(ports: readonly Published[], path: TreePath, report: Report): void {
  const byHost = new Map<string, Published>();
  const byTarget = new Map<string, Published>();
  for (const [index, port] of ports.entries()) {
    if (port.published === "" || port.published.includes("-")) continue;
    const onHost = `${port.host} ${port.published}/${port.protocol}`;
    const inContainer = `${port.host} ${port.target}/${port.protocol}`;
    const same = byHost.get(onHost);
    const other = byTarget.get(inContainer);
    const place = { path: [...path, index], later: port, report };
    if (same !== undefined) warn(`host port ${port.published}`, same, place);
    else if (other !== undefined && isAppended(other, port)) warn(`container port ${port.target}`, other, place);
    byHost.set(onHost, port);
    byTarget.set(inContainer, port);
  }
}

interface Later {
  readonly path: TreePath;
  readonly later: Published;
  readonly report: Report;
}

function warn(what: string, earlier: Published, { path, later, report }: Later): void {
  const hint = isAppended(earlier, later)
    ? "the lists of several files are put together; to replace the earlier one write ports: !override"
    : "remove one of them";
  const notes = [{ message: "first published here", at: earlier.tree.at }];
  const message = `service "${String(path[1])}" publishes ${what} twice`;
  report(warningAt(message, { code: "port-twice", at: later.tree.at, path, notes, hint }));
}

function isAppended(earlier: Published, later: Published): boolean {
  return earlier.tree.at.source !== later.tree.at.source;
}

function readPort(tree: Tree): Published {
  const text = (key: string): string => {
    const value = child(tree, key);
    return value?.kind === "scalar" && value.value !== null ? String(value.value) : "";
  };
  return {
    tree,
    host: text("host_ip"),
    published: text("published"),
    target: text("target"),
    protocol: text("protocol"),
  };
}
