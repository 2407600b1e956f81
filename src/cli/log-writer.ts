import type { Output } from "../model/output.ts";
import { logFormatter } from "../render/logs.ts";
import { pressure, write } from "./output.ts";
import type { Session } from "./session.ts";

export interface LogFlags {
  readonly noColor: boolean;
  readonly noLogPrefix: boolean;
  readonly timestamps: boolean;
  readonly json?: boolean | undefined;
}

export interface LogWriter {
  /** A promise when the reader is slow: nothing more should be read until it resolves. */
  readonly write: (output: Output) => Promise<void> | undefined;
  readonly flush: () => void;
}

const batchSize = 32 * 1024;

/** Containers' lines to where they belong: standard output or standard error. */
export function logWriter(session: Session, flags: LogFlags): LogWriter {
  // Most runs of `up` are detached and write no line: they need not look at the terminal.
  let format: ReturnType<typeof logFormatter> | undefined;
  const makeFormat = (): ReturnType<typeof logFormatter> =>
    logFormatter({
      colour: session.terminal.colour && !flags.noColor,
      prefix: !flags.noLogPrefix,
      timestamps: flags.timestamps,
      json: flags.json === true,
    });
  let batch = "";
  let stream: "stdout" | "stderr" = "stdout";
  // Lines that come together are written together; a single one is not held back.
  const flush = (): void => {
    if (batch !== "") write(stream, batch);
    batch = "";
  };
  return {
    flush,
    write(output) {
      format ??= makeFormat();
      for (const written of format(output)) {
        // What was said first on one stream must not appear after what was said later on the other.
        if (written.stream !== stream) flush();
        stream = written.stream;
        if (batch === "") setImmediate(flush);
        batch += written.text;
        if (batch.length >= batchSize) flush();
      }
      return pressure();
    },
  };
}
