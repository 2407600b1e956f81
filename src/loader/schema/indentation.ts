import { rootNode } from "./node.ts";
import { pathOf, type Place } from "./place.ts";

/** A service that is no mapping: blanks are missing before what belongs to it. */
export function dedentedHint(place: Place): string | undefined {
  const name = serviceName(place);
  if (name === undefined) return undefined;
  if (place.node.keys.has(name)) return `if "${name}" belongs to a service, indent it further than the service's name`;
  const services = place.parent?.tree;
  const beside = services?.kind === "map" ? [...services.entries.keys()] : [];
  const strayed = beside.find((key) => place.node.keys.has(key));
  return strayed === undefined ? undefined : `indent what belongs to "${name}", such as "${strayed}", further than it`;
}

/** A section of the file that was read as a service, with names that no service knows. */
export function indentedHint(place: Place): string | undefined {
  const name = serviceName(place);
  if (name === undefined || !rootNode.keys.has(name)) return undefined;
  return `"${name}" is indented too far if it is not a service but the section of that name`;
}

function serviceName(place: Place): string | undefined {
  const path = pathOf(place);
  return path.length === 2 && path[0] === "services" ? String(path[1]) : undefined;
}
