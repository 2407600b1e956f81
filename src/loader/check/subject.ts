import type { Report } from "../../model/diagnostic.ts";
import type { Service } from "../../model/project.ts";
import { nearest } from "../../model/suggest.ts";
import { errorAt, type Blame } from "../blame.ts";
import type { DecodedDocument } from "../decode/document.ts";
import { keySpan, valueSpan } from "../place.ts";
import type { MapTree, TreePath } from "../tree.ts";

/** What is checked: the decoded document, and the tree for the places. */
export interface Subject {
  readonly document: DecodedDocument;
  readonly tree: MapTree;
  readonly enabled: ReadonlyMap<string, Service>;
  /** Whether something in the service could not be read, so that what seems to be missing may only be misspelt. */
  readonly isDamaged: (service: Service) => boolean;
}

type Details = Omit<Blame, "at" | "path"> & { readonly path: TreePath };

/** An error at the key that `path` ends in. */
export function atKey(subject: Subject, report: Report, message: string, details: Details): void {
  report(errorAt(message, { at: keySpan(subject.tree, details.path), ...details }));
}

/** An error at the value that `path` leads to. */
export function atValue(subject: Subject, report: Report, message: string, details: Details): void {
  report(errorAt(message, { at: valueSpan(subject.tree, details.path), ...details }));
}

/** The items of a list with their positions in the file, where items may stand that could not be read. */
export function* itemsAt<T>({ document }: Subject, items: readonly T[] = []): Generator<readonly [number, T]> {
  const positions = document.positions.get(items);
  for (const [index, item] of items.entries()) yield [positions?.[index] ?? index, item];
}

/** What to do about a name that is declared nowhere. */
export function declareHint(name: string, section: string, known: Iterable<string>): string {
  const names = [...known].sort();
  const likely = nearest(name, names);
  if (likely !== undefined) return `did you mean "${likely}"?`;
  const others = names.length === 0 ? "" : `, or use one of: ${listNames(names)}`;
  return `add "${name}" under the top-level "${section}"${others}`;
}

/** What to do about a service that does not exist. */
export function serviceHint(name: string, known: Iterable<string>): string {
  const names = [...known].sort();
  const likely = nearest(name, names);
  return likely === undefined ? `the services are: ${listNames(names)}` : `did you mean "${likely}"?`;
}

function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 8);
  const more = names.length - shown.length;
  return more === 0 ? shown.join(", ") : `${shown.join(", ")} and ${more} more`;
}
