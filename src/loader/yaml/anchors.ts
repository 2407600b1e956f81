import type { Report, Span } from "../../model/diagnostic.ts";
import { errorAt } from "../blame.ts";
import type { Tree } from "../tree.ts";

/** The anchors of one document, and how much its aliases repeat. */
export interface Anchors {
  readonly defined: Map<string, Anchor>;
  /** Nodes so far, with what aliases repeat. */
  nodes: number;
  /** Nodes so far that are there because of aliases. */
  repeated: number;
}

interface Anchor {
  readonly at: Span;
  /** Absent while its own value is being read. */
  tree?: Tree;
  size: number;
}

/** Nobody writes this much by hand; nine lines of aliases to aliases come to a billion. */
const mostRepeated = 250_000;

export function createAnchors(): Anchors {
  return { defined: new Map(), nodes: 0, repeated: 0 };
}

/** Call the answer with the value once it is read. A name may be defined anew; an alias means the last one before it. */
export function defineAnchor(anchors: Anchors, name: string, at: Span): (tree: Tree) => void {
  const anchor: Anchor = { at, size: 0 };
  const before = anchors.nodes;
  anchors.defined.set(name, anchor);
  return (tree) => {
    anchor.tree = tree;
    anchor.size = anchors.nodes - before;
  };
}

export function findAnchored(anchors: Anchors, name: string, at: Span, report: Report): Tree | undefined {
  const anchor = anchors.defined.get(name);
  if (anchor === undefined) {
    const hint = `define it before with &${name}, or quote the value if the * is meant literally`;
    report(errorAt(`there is no anchor "${name}" before this alias`, { code: "unknown-anchor", at, hint }));
    return undefined;
  }
  if (anchor.tree === undefined) {
    const notes = [{ message: `the anchor "${name}" starts here`, at: anchor.at }];
    report(
      errorAt(`cycle detected: the alias "*${name}" stands inside its own anchor`, { code: "alias-cycle", at, notes }),
    );
    return undefined;
  }
  anchors.nodes += anchor.size;
  anchors.repeated += anchor.size;
  if (anchors.repeated <= mostRepeated) return anchor.tree;
  // Once is enough: the aliases after this one are over the limit as well.
  if (anchors.repeated - anchor.size <= mostRepeated) {
    const message = `aliases repeat more than ${mostRepeated} values`;
    report(errorAt(message, { code: "alias-bomb", at, hint: "repeat less, or split the file" }));
  }
  return undefined;
}
