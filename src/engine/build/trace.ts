import { decodeMessage, type Field, numberField, textField } from "../buildkit/protobuf.ts";
import type { BuildProgress } from "../engine.ts";

/** BuildKit's progress: messages of the type moby.buildkit.v1.StatusResponse, of which we read a dozen fields. */
export function decodeTrace(message: Uint8Array): BuildProgress[] {
  const all = decodeMessage(message).flatMap(({ number, bytes }) => readers[number]?.(decodeMessage(bytes)) ?? []);
  // Steps come first in a message; what one that ended has printed belongs before its end.
  return [...all.filter((each) => !isEnd(each)), ...all.filter(isEnd)];
}

function isEnd(progress: BuildProgress): boolean {
  return progress.kind === "step" && (progress.state === "done" || progress.state === "failed");
}

const readers: Readonly<Record<number, (fields: readonly Field[]) => BuildProgress[]>> = {
  1: vertex,
  2: amount,
  3: (fields) => [{ kind: "output", id: textField(fields, 1), text: textField(fields, 4) }],
  4: (fields) => [{ kind: "output", text: `warning: ${textField(fields, 3)}\n` }],
};

function vertex(fields: readonly Field[]): BuildProgress[] {
  const step = { kind: "step", id: textField(fields, 1), name: textField(fields, 3) } as const;
  const error = textField(fields, 7);
  const started = timeField(fields, 5);
  const completed = timeField(fields, 6);
  if (error !== "") return [{ ...step, state: "failed", error }];
  if (numberField(fields, 4) !== 0) return [{ ...step, state: "cached" }];
  if (started === undefined) return [];
  return completed === undefined
    ? [{ ...step, state: "started" }]
    : [{ ...step, state: "done", seconds: Math.max(0, completed - started) }];
}

/** How far a part of a step has come: "transferring context", a layer that is pulled. */
function amount(fields: readonly Field[]): BuildProgress[] {
  const name = textField(fields, 1);
  const done = timeField(fields, 8) !== undefined;
  return [
    {
      kind: "amount",
      id: textField(fields, 2),
      name,
      current: numberField(fields, 4),
      total: numberField(fields, 5),
      done,
    },
  ];
}

/** Seconds since the epoch. */
function timeField(fields: readonly Field[], number: number): number | undefined {
  const time = fields.find((field) => field.number === number);
  if (time === undefined) return undefined;
  const parts = decodeMessage(time.bytes);
  return numberField(parts, 1) + numberField(parts, 2) / 1e9;
}
