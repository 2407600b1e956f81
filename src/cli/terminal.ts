import type { ProgressStyle } from "../render/renderer.ts";
import type { Globals } from "./globals.ts";

/** What standard output and standard error can do; decided once, from flags, environment and what they are. */
export interface Terminal {
  readonly progress: ProgressStyle;
  /** Escape codes may go to standard output. */
  readonly colour: boolean;
  /** … to standard error. */
  readonly errorColour: boolean;
  /** Somebody is there to answer. */
  readonly interactive: boolean;
}

export interface Streams {
  readonly stdin: { readonly isTTY?: boolean };
  readonly stdout: { readonly isTTY?: boolean };
  readonly stderr: { readonly isTTY?: boolean };
}

export function describeTerminal(globals: Globals, environment: NodeJS.ProcessEnv, streams: Streams): Terminal {
  const ansi = globals.noAnsi ? "never" : (globals.ansi ?? environment["COMPOSE_ANSI"] ?? "auto");
  const mayColour = (stream: { readonly isTTY?: boolean }): boolean => {
    if (ansi === "never" || ansi === "always") return ansi === "always";
    return stream.isTTY === true && (environment["NO_COLOR"] ?? "") === "" && environment["TERM"] !== "dumb";
  };
  return {
    progress: progressStyle(globals.progress ?? environment["COMPOSE_PROGRESS"], ansi, streams),
    colour: mayColour(streams.stdout),
    errorColour: mayColour(streams.stderr),
    interactive: streams.stdin.isTTY === true && streams.stderr.isTTY === true,
  };
}

const styles: readonly ProgressStyle[] = ["tty", "plain", "json", "quiet"];

function progressStyle(asked: string | undefined, ansi: string, { stderr }: Streams): ProgressStyle {
  if (asked === "none") return "quiet";
  const fixed = styles.find((style) => style === asked);
  return fixed ?? (stderr.isTTY === true && ansi !== "never" ? "tty" : "plain");
}
