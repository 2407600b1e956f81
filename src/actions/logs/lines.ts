import { StringDecoder } from "node:string_decoder";

import type { LogChunk } from "../../engine/engine.ts";

export interface LogLine {
  readonly stream: "stdout" | "stderr";
  /** RFC 3339 with nine digits, in UTC, as the engine stamped it: such texts sort like the times that they name. */
  readonly time: string;
  readonly text: string;
}

/**
 * Stamped chunks → whole lines, however the stream was cut: all that one chunk completes at once. The engine stamps
 * each message, and a long line is several messages: the stamps inside of it are taken out. A last line without an end
 * appears when the stream ends.
 */
export async function* logLines(chunks: AsyncIterable<LogChunk>): AsyncGenerator<readonly LogLine[]> {
  const open = { stdout: newLine("stdout"), stderr: newLine("stderr") };
  for await (const chunk of chunks) {
    const lines = complete(open[chunk.stream], chunk.bytes);
    if (lines.length > 0) yield lines;
  }
  const rest = [open.stdout, open.stderr]
    .filter((line) => line.rest !== "")
    .map((line) => readLine(line.rest, line.stream));
  if (rest.length > 0) yield rest;
}

interface OpenLine {
  readonly stream: "stdout" | "stderr";
  readonly decoder: StringDecoder;
  rest: string;
}

function newLine(stream: "stdout" | "stderr"): OpenLine {
  return { stream, decoder: new StringDecoder("utf8"), rest: "" };
}

function complete(open: OpenLine, bytes: Uint8Array): LogLine[] {
  const text = open.rest + open.decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const lines: LogLine[] = [];
  let start = 0;
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
    lines.push(readLine(text.slice(start, end), open.stream));
    start = end + 1;
  }
  open.rest = text.slice(start);
  return lines;
}

/** Podman says no fractions of a second. */
const stamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) ?/;
const stampLength = "2006-01-02T15:04:05.000000000Z ".length;

function readLine(whole: string, stream: LogLine["stream"]): LogLine {
  const length = stampEnd(whole);
  const text = whole.length - length > cut / 4 ? withoutInnerStamps(whole.slice(length)) : whole.slice(length);
  return {
    stream,
    time: whole.slice(0, length).trimEnd(),
    text: text.charCodeAt(text.length - 1) === carriageReturn ? text.slice(0, -1) : text,
  };
}

const carriageReturn = 13;

/** Nearly all stamps are in UTC and so equally long: two letters tell, where a pattern would cost half the time. */
function stampEnd(whole: string): number {
  if (whole[stampLength - 2] === "Z" && whole[stampLength - 1] === " " && whole[10] === "T") return stampLength;
  return stamp.exec(whole)?.[0].length ?? 0;
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
