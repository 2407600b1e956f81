import { describe, expect, test } from "vitest";

import { screenModes } from "../../src/cli/screen-modes.ts";

/** What is taken back after these pieces, with ESC for the escape character. */
function after(...pieces: string[]): string {
  const modes = screenModes();
  for (const piece of pieces) modes.see(Buffer.from(piece.replaceAll("ESC", "\u001B")));
  return modes.reset().replaceAll("\u001B", "ESC");
}

describe("what a program leaves of the screen", () => {
  test.each([
    ["nothing", ["hello", "ESC[31mredESC[0m"], ""],
    ["another screen", ["ESC[?1049h"], "ESC[?1049lESC[0m"],
    ["taken back by itself", ["ESC[?1049hESC[?25l", "ESC[?25hESC[?1049l"], ""],
    ["no cursor", ["xESC[?25lx"], "ESC[?25hESC[0m"],
    ["several at once", ["ESC[?1000;1006h"], "ESC[?1000lESC[?1006lESC[0m"],
    ["cut anywhere", ["ESC", "[", "?", "10", "49", "h"], "ESC[?1049lESC[0m"],
    ["cut, and no sequence after all", ["ESC", "[?", "x1049h"], ""],
    ["modes that are nobody's business", ["ESC[?7l", "ESC[?12h"], ""],
    ["a character of two bytes beside it", ["éESC[?2004hé"], "ESC[?2004lESC[0m"],
  ])("%s", (_name, pieces, expected) => {
    expect(after(...pieces)).toBe(expected);
  });

  test("is taken back once", () => {
    const modes = screenModes();
    modes.see(Buffer.from("\u001B[?1049h"));
    expect(modes.reset()).not.toBe("");
    expect(modes.reset()).toBe("");
  });
});
