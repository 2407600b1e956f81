/**
 * The wire format of protobuf, as far as BuildKit's messages need it. We write a dozen of them and read a few fields of
 * as many, so this is shorter than a library with their definitions, and nothing has to be generated.
 */
export type FieldValue =
  | string
  | number
  | bigint
  | boolean
  | Uint8Array
  | undefined
  | readonly (string | Uint8Array)[]
  | ReadonlyMap<string, string>;

/** Field number and value. Absent values, empty texts and zeros are not written: that is what their absence says. */
export type MessageFields = readonly (readonly [number: number, value: FieldValue])[];

export function encodeMessage(fields: MessageFields): Buffer {
  return Buffer.concat(encodeParts(fields));
}

/** A message in pieces, so that what is large need not be copied. */
export function encodeParts(fields: MessageFields): readonly Uint8Array[] {
  return fields.flatMap(([number, value]) => encodeField(number, value));
}

export interface Field {
  readonly number: number;
  /** Of a number field. */
  readonly varint: number;
  /** Of a field with a length: text, bytes, or another message. */
  readonly bytes: Uint8Array;
}

export function decodeMessage(message: Uint8Array): Field[] {
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

export function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** The last value counts, as protobuf has it. */
export function textField(fields: readonly Field[], number: number): string {
  return text(bytesField(fields, number));
}

export function bytesField(fields: readonly Field[], number: number): Uint8Array {
  return fields.findLast((field) => field.number === number)?.bytes ?? none;
}

export function numberField(fields: readonly Field[], number: number): number {
  return fields.findLast((field) => field.number === number)?.varint ?? 0;
}

export function mapField(fields: readonly Field[], number: number): Map<string, Uint8Array> {
  const entries = fields.filter((field) => field.number === number).map(({ bytes }) => decodeMessage(bytes));
  return new Map(entries.map((entry) => [textField(entry, 1), bytesField(entry, 2)]));
}

const none = new Uint8Array();

function encodeField(number: number, value: FieldValue): Uint8Array[] {
  if (value === undefined || value === "" || value === 0 || value === 0n || value === false) return [];
  if (value instanceof Uint8Array) return [varint(number * 8 + 2), varint(value.length), value];
  if (typeof value === "string") return encodeField(number, Buffer.from(value));
  if (typeof value !== "object") return [varint(number * 8), varint(value === true ? 1 : value)];
  return [...value].flatMap((part) => encodeField(number, isEntry(part) ? mapEntry(part) : part));
}

/** What a map yields; texts in a list are single. */
function isEntry(part: string | Uint8Array | readonly [string, string]): part is readonly [string, string] {
  return Array.isArray(part);
}

function mapEntry([key, value]: readonly [string, string]): Buffer {
  return encodeMessage([
    [1, key],
    [2, value],
  ]);
}

function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
