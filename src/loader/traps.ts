import type { Report } from "../model/diagnostic.ts";
import { warningAt } from "./blame.ts";
import { fieldBelow, fields, ruleOf, type Field } from "./fields.ts";
import { scalarText } from "./shapes.ts";
import type { MapTree, ScalarTree, Tree, TreePath } from "./tree.ts";

/** Where text belongs YAML may have read a number, and the text that comes of it is not the one that was written. */
export function warnTraps(tree: MapTree, report: Report): void {
  visit(tree, fields, { path: [], report });
}

interface Walk {
  readonly path: (string | number)[];
  readonly report: Report;
}

function visit(tree: Tree, field: Field | undefined, walk: Walk): void {
  if (field === undefined || tree.kind === "scalar") return;
  const { texts } = ruleOf(field);
  const children =
    tree.kind === "map"
      ? Array.from(tree.entries, ([key, entry]) => [key, entry.value] as const)
      : tree.items.entries();
  for (const [key, value] of children) {
    walk.path.push(key);
    if (texts === true && value.kind === "scalar") check(value, walk.path, walk.report);
    else visit(value, fieldBelow(field, key), walk);
    walk.path.pop();
  }
}

function check(scalar: ScalarTree, path: TreePath, report: Report): void {
  const { written, value, at } = scalar;
  if (written === undefined || typeof value === "string") return;
  const text = scalarText(scalar);
  if (text === written) return;
  const message = `${written} without quotes is a number, and becomes "${text}"`;
  report(warningAt(message, { code: "yaml-number", at, path, hint: `write "${written}" to keep it as it is` }));
}
