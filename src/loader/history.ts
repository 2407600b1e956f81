import type { Tree } from "./tree.ts";

/**
 * What a value took the place of, oldest first. Values know where they are written, so this is all that is missing to
 * tell where a merged document came from.
 */
export interface History {
  readonly replaced: WeakMap<Tree, readonly Tree[]>;
  /** Values that nobody wrote; their place is that of what they were derived from. */
  readonly defaults: WeakSet<Tree>;
}

export function createHistory(): History {
  return { replaced: new WeakMap(), defaults: new WeakSet() };
}

/** `now` stands where `before` stood. */
export function recordReplacement(history: History, now: Tree, before: Tree): void {
  if (now === before) return;
  const earlier = [...ancestors(history, before), before];
  // A value that is shared through an alias may replace different ones in different places.
  const known = ancestors(history, now);
  history.replaced.set(now, [...known, ...earlier.filter((each) => !known.includes(each))]);
}

/** `now` is `before` in another form. */
export function recordRewrite(history: History, now: Tree, before: Tree): void {
  const earlier = history.replaced.get(before);
  if (earlier !== undefined && now !== before) history.replaced.set(now, earlier);
}

export function ancestors(history: History, tree: Tree): readonly Tree[] {
  return history.replaced.get(tree) ?? [];
}
