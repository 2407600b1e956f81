import { spanWithin } from "../blame.ts";
import { splitShellWords } from "../syntax/shell-words.ts";
import { decodeItems, list, mismatch, unreadable, warn, type Decoder } from "./decoder.ts";
import { text, textOf } from "./scalar.ts";

export const texts: Decoder<readonly string[]> = list(text);

/** One text stands for a list of one. */
export const textOrTexts: Decoder<readonly string[]> = (tree, place) => {
  if (tree.kind !== "scalar") return texts(tree, place);
  const found = textOf(tree);
  return found === undefined ? undefined : [found];
};

/** A text is split like a shell would, a list is taken as it is. */
export const command: Decoder<readonly string[]> = (tree, place) => {
  if (tree.kind === "list") return decodeItems(tree, place, text);
  if (tree.kind === "map") return mismatch(tree, place, "text or a list");
  const line = textOf(tree);
  if (line === undefined) return undefined;
  const split = splitShellWords(line);
  if (!split.ok) return unreadable(tree, place, "invalid-command", split);
  const { words, cutAt } = split.value;
  if (cutAt !== undefined) {
    const message = `the command ends before "${line.charAt(cutAt)}", as no shell reads it; the rest is dropped`;
    const hint = `to have a shell read it, write ["sh", "-c", "…"]; to pass it on, quote it`;
    const at = spanWithin(tree, { offset: cutAt, length: line.length - cutAt });
    warn(tree, place, { code: "command-cut", message, hint, at });
  }
  return words;
};

/** `healthcheck.test`: a text is a line for the container's shell. */
export const healthTest: Decoder<readonly string[]> = (tree, place) => {
  if (tree.kind === "list") return decodeItems(tree, place, text);
  if (tree.kind === "map") return mismatch(tree, place, "text or a list");
  const line = textOf(tree);
  return line === undefined ? undefined : ["CMD-SHELL", line];
};
