import { StringDecoder } from "node:string_decoder";

import type { LogChunk } from "../../engine/engine.ts";

export interface WholeLines {
  readonly take: (chunk: LogChunk) => void;
  /** What is left without an end is a line, too. */
  readonly end: () => void;
}

/** Lines of each stream, however they were cut into chunks. */
export function wholeLines(
  onLine: (line: { readonly stream: LogChunk["stream"]; readonly text: string }) => void,
): WholeLines {
  const open = {
    stdout: { decoder: new StringDecoder("utf8"), rest: "" },
    stderr: { decoder: new StringDecoder("utf8"), rest: "" },
  };
  return {
    take({ stream, bytes }) {
      const lines = (open[stream].rest + open[stream].decoder.write(Buffer.from(bytes))).split("\n");
      open[stream].rest = lines.pop() ?? "";
      for (const text of lines) onLine({ stream, text: text.replace(/\r$/, "") });
    },
    end() {
      for (const stream of ["stdout", "stderr"] as const) {
        const text = open[stream].rest + open[stream].decoder.end();
        if (text !== "") onLine({ stream, text });
      }
    },
  };
}
