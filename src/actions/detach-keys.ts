import { UsageError } from "../model/error.ts";
import type { ActionContext } from "./context.ts";

/** Those that were asked for, else those in the docker CLI's configuration; undefined: the usual ones. */
export async function chosenDetachKeys(context: ActionContext, asked: string | undefined): Promise<string | undefined> {
  const { readDockerConfig } = await import("../engine/docker-config.ts");
  const keys = asked ?? readDockerConfig(context.source.environment).detachKeys;
  parseDetachKeys(keys);
  return keys;
}

const usual = "ctrl-p,ctrl-q";

/** "ctrl-p,ctrl-q" → the bytes that a terminal sends for these keys. */
export function parseDetachKeys(text: string = usual): readonly number[] {
  return text.split(",").map((key) => {
    const control = /^ctrl-([a-z@[\\\]^_])$/i.exec(key)?.[1];
    if (control !== undefined) return (control.toUpperCase().codePointAt(0) ?? 0) - 64;
    if (/^[\u0020-\u007E]$/.test(key)) return key.codePointAt(0) ?? 0;
    throw new UsageError(`invalid detach keys "${text}"`, "write keys like ctrl-p,ctrl-q or ctrl-x,a");
  });
}

/**
 * What is typed, up to the keys that mean "let it run, I am off"; these are not passed on. The first of them are held
 * back until the next key tells whether they were meant so.
 */
export async function* untilDetached(
  input: AsyncIterable<Uint8Array>,
  keys: readonly number[],
  onDetach: () => void,
): AsyncGenerator<Uint8Array> {
  let matched = 0;
  for await (const bytes of input) {
    const passed: number[] = [];
    for (const byte of bytes) {
      if (byte !== keys[matched]) {
        passed.push(...keys.slice(0, matched));
        matched = 0;
      }
      if (byte === keys[matched]) matched += 1;
      else passed.push(byte);
      if (matched < keys.length) continue;
      if (passed.length > 0) yield Uint8Array.from(passed);
      return onDetach();
    }
    if (passed.length > 0) yield Uint8Array.from(passed);
  }
  if (matched > 0) yield Uint8Array.from(keys.slice(0, matched));
}
