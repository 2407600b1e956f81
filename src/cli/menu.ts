import { readFileSync } from "node:fs";

import { ownTerminals } from "./terminal.ts";

/** What a person can do by single keys while `up` shows what the containers write. */
export interface Menu {
  readonly toggleWatch: () => void;
  readonly detach: () => void;
  /** For the person. */
  readonly say: (text: string) => void;
  /** Name the keys at the beginning. */
  readonly hint: boolean;
}

/** Whether keys are listened to: somebody has to be there, and not to have asked for none. */
export function wantsMenu(flag: boolean | undefined, environment: NodeJS.ProcessEnv): boolean {
  const asked =
    flag ?? !["0", "f", "false", "n", "no", "off"].includes((environment["COMPOSE_MENU"] ?? "").toLowerCase());
  return asked && ownTerminals.stdin && ownTerminals.stdout && isForeground();
}

/** Listens until it is disposed of; then, and however the program ends, the terminal is as it was. */
export function openMenu(menu: Menu): Disposable {
  const { stdin } = process;
  const before = stdin.isRaw;
  const restore = (): void => void stdin.setRawMode(before);
  const again = (): void => void stdin.setRawMode(true);
  const onKeys = (keys: string): void => {
    for (const key of keys) press(key, menu, restore);
  };
  again();
  stdin.setEncoding("utf8").on("data", onKeys).resume();
  process.on("exit", restore).on("SIGCONT", again);
  // Behind the line that says to whom we are attached.
  if (menu.hint) setImmediate(() => menu.say(hint));
  return {
    [Symbol.dispose]() {
      restore();
      process.off("exit", restore).off("SIGCONT", again);
      stdin.off("data", onKeys).pause();
    },
  };
}

const hint = "Keys: w watches files or stops it, d detaches, Ctrl-C stops the containers\n";

function press(key: string, { toggleWatch, detach, say }: Menu, restore: () => void): void {
  switch (key) {
    case "w":
      return toggleWatch();
    case "d":
      return detach();
    case "h":
    case "?":
      return say(hint);
    case "\r":
      // A blank line, as people make one to tell old lines from new.
      return say("\n");
    case "\u0003":
      return void process.kill(process.pid, "SIGINT");
    case "\u001a":
      restore();
      return void process.kill(process.pid, "SIGTSTP");
    case "\u001c":
      restore();
      return void process.kill(process.pid, "SIGQUIT");
  }
}

/** Who is not in the foreground of its terminal would be stopped for touching it: `tscompose up &`. */
function isForeground(): boolean {
  if (process.platform !== "linux") return true;
  try {
    // After the command's name, which may hold anything: state, parent, group, session, terminal, its foreground group.
    const [, , group, , , foreground] = readFileSync("/proc/self/stat", "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return group === foreground;
  } catch {
    return true;
  }
}
