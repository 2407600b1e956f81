import { StringDecoder } from "node:string_decoder";

import type { LogChunk } from "../../engine/engine.ts";

export interface LogLine {
  readonly stream: "stdout" | "stderr";
  /** RFC 3339 with nine digits, in UTC, as the engine stamped it: such texts sort like the times that they name. */
  readonly time: string;
  readonly text: string;
}

const stamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}(?:Z|[+-]\d\d:\d\d) ?/;
const stampLength = "2006-01-02T15:04:05.000000000Z ".length;

/**
 * Stamped chunks → whole lines, however the stream was cut. The engine stamps each message, and a long line is several
 * messages: the stamps inside of it are taken out. A last line without an end appears when the stream ends.
 */
export async function* logLines(chunks: AsyncIterable<LogChunk>): AsyncGenerator<LogLine> {
  const open = { stdout: newLine(), stderr: newLine() };
  for await (const chunk of chunks) {
    const line = open[chunk.stream];
    const text = line.decoder.write(Buffer.from(chunk.bytes.buffer, chunk.bytes.byteOffset, chunk.bytes.byteLength));
    let start = 0;
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
      yield finish(line, text.slice(start, end), chunk.stream);
      start = end + 1;
    }
    if (start < text.length) line.rest += text.slice(start);
  }
  for (const stream of ["stdout", "stderr"] as const) {
    const { rest } = open[stream];
    if (rest !== "") yield finish(open[stream], "", stream);
  }
}

interface OpenLine {
  readonly decoder: StringDecoder;
  rest: string;
}

function newLine(): OpenLine {
  return { decoder: new StringDecoder("utf8"), rest: "" };
}

function finish(line: OpenLine, end: string, stream: LogLine["stream"]): LogLine {
  const whole = line.rest + end;
  line.rest = "";
  const time = stamp.exec(whole)?.[0] ?? "";
  const text = withoutInnerStamps(whole.slice(time.length));
  return { stream, time: time.trimEnd(), text: text.endsWith("\r") ? text.slice(0, -1) : text };
}

/** The engine cuts lines after 16 KiB; what follows a cut begins with a stamp of its own. */
const cut = 16 * 1024;

function withoutInnerStamps(text: string): string {
  if (Buffer.byteLength(text) <= cut) return text;
  let bytes = Buffer.from(text);
  for (let at = cut; at < bytes.length; at += cut) {
    const inner = stamp.exec(bytes.toString("latin1", at, at + stampLength + 5));
    if (inner !== null) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + inner[0].length)]);
  }
  return bytes.toString("utf8");
}
