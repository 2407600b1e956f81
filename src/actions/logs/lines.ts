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
 * appears when the stream ends. Only whole lines are decoded: a letter may be cut in the middle.
 */
export async function* logLines(chunks: AsyncIterable<LogChunk>): AsyncGenerator<readonly LogLine[]> {
  const open: Readonly<Record<LogLine["stream"], Buffer[]>> = { stdout: [], stderr: [] };
  for await (const { stream, bytes } of chunks) {
    const lines = complete(open[stream], Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), stream);
    if (lines.length > 0) yield lines;
  }
  const rest = (["stdout", "stderr"] as const).flatMap((stream) => {
    const bytes = Buffer.concat(open[stream]);
    return bytes.length === 0 ? [] : readLines(bytes, stream);
  });
  if (rest.length > 0) yield rest;
}

/** The lines that the bytes complete; `rest` is what was there before them, and then what is left. */
function complete(rest: Buffer[], bytes: Buffer, stream: LogLine["stream"]): readonly LogLine[] {
  const end = bytes.lastIndexOf(newline);
  if (end < 0) {
    rest.push(bytes);
    return [];
  }
  const whole = bytes.subarray(0, end);
  const lines = readLines(rest.length === 0 ? whole : Buffer.concat([...rest, whole]), stream);
  rest.length = 0;
  if (end + 1 < bytes.length) rest.push(bytes.subarray(end + 1));
  return lines;
}

const newline = 10;

/** Decoding all at once is quick; the bytes of a line are looked for only where it is long. */
function readLines(bytes: Buffer, stream: LogLine["stream"]): readonly LogLine[] {
  const lines: LogLine[] = [];
  let line = 0;
  let start = 0;
  for (const text of bytes.toString("utf8").split("\n")) {
    if (text.length <= shortEnough) {
      lines.push(readLine(text, stream));
      continue;
    }
    for (; line < lines.length; line += 1) start = bytes.indexOf(newline, start) + 1;
    const end = bytes.indexOf(newline, start);
    lines.push(readLine(withoutInnerStamps(bytes.subarray(start, end < 0 ? bytes.length : end)), stream));
  }
  return lines;
}

/** Podman says no fractions of a second. */
const stamp = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) ?/;
const stampLength = "2006-01-02T15:04:05.000000000Z ".length;

function readLine(whole: string, stream: LogLine["stream"]): LogLine {
  const length = stampEnd(whole);
  const text = whole.slice(length);
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
/** So few letters are never more bytes than that. */
const shortEnough = cut / 4;

function withoutInnerStamps(line: Buffer): string {
  const parts: Buffer[] = [];
  let at = 0;
  let end = messageEnd(line, stampOf(line, 0));
  while (end < line.length) {
    parts.push(line.subarray(at, end));
    at = end + stampOf(line, end);
    end = messageEnd(line, at);
  }
  return Buffer.concat([...parts, line.subarray(at)]).toString("utf8");
}

const replacement = Buffer.from("\ufffd");

/**
 * Where the next message's stamp stands, or the end of the line. The json-file driver keeps text: what was no letter,
 * or half of one, has become three bytes for each, and the message so much longer than the cut.
 */
function messageEnd(line: Buffer, from: number): number {
  const message = line.subarray(from, from + cut * replacement.length);
  let next = message.indexOf(replacement);
  let replaced = 0;
  for (let end = cut; from + end < line.length; end += replacement.length - 1) {
    for (; next >= 0 && next < end; next = message.indexOf(replacement, next + 1)) replaced += 1;
    if (end - cut > replaced * (replacement.length - 1)) break;
    if (stampOf(line, from + end) > 0) return from + end;
  }
  return line.length;
}

/** The length of the stamp that stands there. */
function stampOf(line: Buffer, at: number): number {
  return stamp.exec(line.toString("latin1", at, at + stampLength + 5))?.[0].length ?? 0;
}
