import type { BuildProgress } from "../engine.ts";

/**
 * BuildKit's progress arrives as protobuf messages of the type moby.buildkit.v1.StatusResponse. We read four of its
 * message types and a dozen fields, so a reader of the wire format is shorter than a generated decoder.
 */
export function decodeTrace(message: Uint8Array): BuildProgress[] {
  const progress: BuildProgress[] = [];
  for (const field of fields(message)) {
    if (field.number === 1) progress.push(...vertex(field.bytes));
    else if (field.number === 3) progress.push(log(field.bytes));
    else if (field.number === 4) progress.push(warning(field.bytes));
  }
  return progress;
}

function vertex(message: Uint8Array): BuildProgress[] {
  let id = "";
  let name = "";
  let error = "";
  let cached = false;
  let started = false;
  let completed = false;
  for (const field of fields(message)) {
    if (field.number === 1) id = text(field.bytes);
    else if (field.number === 3) name = text(field.bytes);
    else if (field.number === 4) cached = field.varint !== 0;
    else if (field.number === 5) started = true;
    else if (field.number === 6) completed = true;
    else if (field.number === 7) error = text(field.bytes);
  }
  const step = { kind: "step", id, name } as const;
  if (error !== "") return [{ ...step, state: "failed", error }];
  if (cached) return [{ ...step, state: "cached" }];
  if (completed) return [{ ...step, state: "done" }];
  return started ? [{ ...step, state: "started" }] : [];
}

function log(message: Uint8Array): BuildProgress {
  let id = "";
  let output = "";
  for (const field of fields(message)) {
    if (field.number === 1) id = text(field.bytes);
    else if (field.number === 4) output = text(field.bytes);
  }
  return { kind: "output", id, text: output };
}

function warning(message: Uint8Array): BuildProgress {
  const short = fields(message).find((field) => field.number === 3);
  return { kind: "output", text: `warning: ${short === undefined ? "" : text(short.bytes)}\n` };
}

interface Field {
  readonly number: number;
  readonly varint: number;
  readonly bytes: Uint8Array;
}

const none = new Uint8Array();

function fields(message: Uint8Array): Field[] {
  const found: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    let factor = 1;
    for (;;) {
      const byte = message[at++];
      if (byte === undefined) return value;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
      factor *= 128;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    const wireType = tag % 8;
    if (wireType === 0) found.push({ number, varint: varint(), bytes: none });
    else if (wireType === 2) {
      const length = varint();
      found.push({ number, varint: 0, bytes: message.subarray(at, at + length) });
      at += length;
    } else at += wireType === 1 ? 8 : 4;
  }
  return found;
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
