import type { ProgressStyle } from "../render/renderer.ts";
import type { Globals } from "./globals.ts";

/** What standard output and standard error can do, by flags, environment and what they are. */
export interface Terminal {
  readonly progress: ProgressStyle;
  /** Escape codes may go to standard output. */
  readonly colour: boolean;
  /** … to standard error. */
  readonly errorColour: boolean;
  /** Somebody is there to answer. */
  readonly interactive: boolean;
}

/** Which of our streams are terminals. */
export interface Terminals {
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  /** Of standard error, in characters; 0: it does not say. */
  readonly width: number;
}

/** Answers when asked: merely to look at one of these streams costs a millisecond or two. */
export const ownTerminals: Terminals = {
  get stdin() {
    return process.stdin.isTTY;
  },
  get stdout() {
    return process.stdout.isTTY;
  },
  get stderr() {
    return process.stderr.isTTY;
  },
  get width() {
    return process.stderr.columns || 0;
  },
};

export function describeTerminal(globals: Globals, environment: NodeJS.ProcessEnv, terminals: Terminals): Terminal {
  const ansi = globals.noAnsi ? "never" : (globals.ansi ?? environment["COMPOSE_ANSI"] ?? "auto");
  const dumb = environment["TERM"] === "dumb";
  const mayColour = (stream: "stdout" | "stderr"): boolean => {
    if (ansi === "never" || ansi === "always") return ansi === "always";
    return (environment["NO_COLOR"] ?? "") === "" && !dumb && terminals[stream];
  };
  return {
    get progress() {
      const asked = globals.progress ?? environment["COMPOSE_PROGRESS"];
      const fixed = fixedStyle(asked);
      if (fixed !== undefined) return fixed;
      // Rows are drawn over each other, for which the cursor has to move, and lines must not wrap.
      return ansi !== "never" && !dumb && terminals.stderr && terminals.width > 0 ? "tty" : "plain";
    },
    get colour() {
      return mayColour("stdout");
    },
    get errorColour() {
      return mayColour("stderr");
    },
    get interactive() {
      return terminals.stdin && terminals.stderr;
    },
  };
}

const styles: readonly ProgressStyle[] = ["tty", "plain", "json", "quiet"];

/** undefined: by what standard error is. */
export function fixedStyle(asked: string | undefined): ProgressStyle | undefined {
  return asked === "none" ? "quiet" : styles.find((style) => style === asked);
}
