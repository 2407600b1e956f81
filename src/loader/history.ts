import type { Span } from "../model/diagnostic.ts";
import type { Tree } from "./tree.ts";

/**
 * What a value took the place of, oldest first. Values know where they are written, so this is all that is missing to
 * tell where a merged document came from. The keys are places and not values, as a value is rewritten many times (into
 * its long form, with an absolute path) and keeps the very place it had.
 */
export interface History {
  readonly replaced: WeakMap<Span, readonly Tree[]>;
  /** Values that nobody wrote; they stand at the place of what they follow from. */
  readonly defaults: WeakSet<Span>;
}

export function createHistory(): History {
  return { replaced: new WeakMap(), defaults: new WeakSet() };
}

/** `now` stands where `before` stood. */
export function recordReplacement(history: History, now: Tree, before: Tree): void {
  if (now.at === before.at) return;
  // A value that several aliases repeat may replace different ones in different places.
  const known = replacedBy(history, now);
  const earlier = [...replacedBy(history, before), before].filter((each) => !known.includes(each));
  history.replaced.set(now.at, [...known, ...earlier]);
}

export function replacedBy(history: History, { at }: Tree): readonly Tree[] {
  return history.replaced.get(at) ?? [];
}

/** The same value, remembered as one that nobody wrote. */
export function asDefault<T extends Tree>(history: History, tree: T): T {
  const at = { ...tree.at };
  history.defaults.add(at);
  return { ...tree, at };
}

export function isDefault(history: History, { at }: Tree): boolean {
  return history.defaults.has(at);
}
