/**
 * Other people's words, fit for a terminal: an engine's, a container's, a label's. Nothing in them moves the cursor,
 * recolours the screen, names the window or turns the line around.
 */
export function printable(text: string): string {
  if (!unfit.test(text)) return text;
  return text.replaceAll(sequence, "").replaceAll(control, "");
}

/** The same where it must stay one line. */
export function printableLine(text: string): string {
  return printable(text).replaceAll(/\s*[\n\t]\s*/g, " ");
}

const unfit = /[^\P{Cc}\n\t]|[\u202A-\u202E\u2066-\u2069]/u;
const control = /[^\P{Cc}\n\t]|[\u202A-\u202E\u2066-\u2069]/gu;

/** Titles and the like (OSC, DCS …) with all that they say, colours and cursor moves (CSI), and the short ones. */
const sequence =
  /\u001B[\]PX^_][^\u0007\u001B\n]*(?:\u0007|\u001B\\)|(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]|\u001B[ -/]*[0-~]/g;
