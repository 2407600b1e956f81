import type { Readable } from "node:stream";

import type { OnEvent } from "../model/event.ts";

export type ProgressStyle = "tty" | "plain" | "json" | "quiet";

/** Shows the events of a run on standard error. */
export interface Renderer {
  readonly onEvent: OnEvent;
  /** A question to the person, between the rows; false where nobody can answer, and `answers` have no line for it. */
  ask(question: string, answers?: Readable): Promise<boolean>;
  /** Leaves the terminal as it was; more than one call does no harm. */
  close(): Promise<void>;
}

export interface RendererOptions {
  readonly colour: boolean;
  /** Somebody sits at the terminal; asked only when there is a question. */
  readonly isInteractive: () => boolean;
  /** Standard error. */
  readonly stream: NodeJS.WriteStream;
}

export async function makeRenderer(style: ProgressStyle, options: RendererOptions): Promise<Renderer> {
  switch (style) {
    case "tty":
      return (await import("./tty.ts")).ttyRenderer(options);
    case "plain":
      return (await import("./plain.ts")).plainRenderer(options);
    case "json":
      return (await import("./json.ts")).jsonRenderer(options);
    case "quiet":
      return (await import("./quiet.ts")).quietRenderer(options);
  }
}
