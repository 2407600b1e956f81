/**
 * What a program in a container has asked of our terminal and not taken back: another screen, no cursor, reports of the
 * mouse. Who draws the screen takes that back at its end; who is killed, or left by the detach keys, does not.
 */
export interface ScreenModes {
  see(bytes: Uint8Array): void;
  /** What takes all of it back; empty when there is nothing. */
  reset(): string;
}

const escape = 0x1b;
const sequence = /\u001B\[\?([\d;]+)([hl])/g;
/** As much of a sequence as may stand at the end of a piece, its rest at the beginning of the next. */
const unfinished = /\u001B(?:\[(?:\?[\d;]{0,30})?)?$/;

/** The terminal's private modes by their numbers, as a shell has them: keys, cursor, mouse, focus, screens, pastes. */
const usual: ReadonlyMap<string, "h" | "l"> = new Map([
  ["1", "l"],
  ["25", "h"],
  ["47", "l"],
  ["1000", "l"],
  ["1002", "l"],
  ["1003", "l"],
  ["1004", "l"],
  ["1005", "l"],
  ["1006", "l"],
  ["1015", "l"],
  ["1047", "l"],
  ["1049", "l"],
  ["2004", "l"],
]);

export function screenModes(): ScreenModes {
  const changed = new Set<string>();
  let rest = "";
  return {
    see(bytes) {
      if (rest === "" && !bytes.includes(escape)) return;
      const text = rest + Buffer.from(bytes).toString("latin1");
      for (const [, numbers = "", state] of text.matchAll(sequence)) {
        for (const number of numbers.split(";")) {
          if (usual.get(number) === state) changed.delete(number);
          else if (usual.has(number)) changed.add(number);
        }
      }
      rest = unfinished.exec(text)?.[0] ?? "";
    },
    reset() {
      const back = [...changed].map((number) => `\u001B[?${number}${usual.get(number) ?? ""}`);
      changed.clear();
      // Its colours are left over as well.
      return back.length === 0 ? "" : `${back.join("")}\u001B[0m`;
    },
  };
}
