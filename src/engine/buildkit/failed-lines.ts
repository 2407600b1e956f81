import type { BuildProgress } from "../engine.ts";
import type { GrpcError } from "./grpc.ts";
import { bytesField, decodeMessage, numberField, text, textField } from "./protobuf.ts";

/** The lines of the Dockerfile that a failure is about, as BuildKit sends them with it. */
export function* failedLines({ details }: GrpcError): Generator<BuildProgress> {
  for (const { type, value } of details) {
    if (!type.endsWith("errdefs.Source")) continue;
    const source = decodeMessage(value);
    const info = decodeMessage(bytesField(source, 1));
    const ranges = source.filter(({ number }) => number === 2).map(({ bytes }) => lineRange(bytes));
    const [first] = ranges;
    if (first === undefined) continue;
    const lines = text(bytesField(info, 2)).split("\n");
    yield { kind: "source", file: textField(info, 1), lines: excerpt(lines, ranges) };
    return;
  }
}

interface LineRange {
  readonly start: number;
  readonly end: number;
}

function lineRange(bytes: Uint8Array): LineRange {
  const range = decodeMessage(bytes);
  const start = numberField(decodeMessage(bytesField(range, 1)), 1);
  const end = numberField(decodeMessage(bytesField(range, 2)), 1);
  return { start, end: Math.max(start, end) };
}

/** Two lines before and after are enough to find the place. */
const around = 2;

function excerpt(
  lines: readonly string[],
  ranges: readonly LineRange[],
): readonly { readonly number: number; readonly text: string; readonly failed: boolean }[] {
  const first = Math.min(...ranges.map(({ start }) => start)) - around;
  const last = Math.max(...ranges.map(({ end }) => end)) + around;
  return lines
    .map((line, index) => ({
      number: index + 1,
      text: line,
      failed: ranges.some(({ start, end }) => index + 1 >= start && index + 1 <= end),
    }))
    .filter(({ number, text: line }) => number >= first && number <= last && (line !== "" || number < lines.length));
}
