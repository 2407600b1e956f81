import { formatBytes, formatDuration, formatFileMode } from "../format.ts";
import type { Json, NullableMap, StringMap } from "../project.ts";

/** Plain data in the order in which it is written; Maps, because a person may name a label `__proto__` or `10`. */
export type Document = null | boolean | number | bigint | string | readonly Document[] | DocumentMap;
export type DocumentMap = ReadonlyMap<string, Document>;

/**
 * The same model is written three ways. docker compose's YAML and JSON differ in more than syntax, and its releases 2
 * and 5 differ in how a bind mount says that a missing folder is to be made, which the config hash shows.
 */
export interface DocumentStyle {
  readonly format: "yaml" | "json";
  /** The hash is made of the JSON form, and of some fields that nobody is shown. */
  readonly purpose: "show" | "hash";
  readonly generation: Generation;
  readonly compare: (left: string, right: string) => number;
}

export type Generation = "v2" | "v5";

/** Turns a value into its document; `undefined` leaves the field out. */
export type Writer<V> = (value: V, style: DocumentStyle) => Document | undefined;

export type ObjectWriter<V> = (value: V, style: DocumentStyle) => DocumentMap;

/** One writer for each field of T, in the order of output. A field that is forgotten does not compile. */
export type Fields<T> = { readonly [K in keyof T]-?: Writer<Exclude<T[K], undefined>> };

interface ObjectOptions<T> {
  /** Fields that are written when they are absent, with what stands for absence. */
  readonly always?: (style: DocumentStyle) => ReadonlyMap<keyof T & string, Document>;
}

export function object<T extends object>(fields: Fields<T>, options: ObjectOptions<T> = {}): ObjectWriter<T> {
  // Object.entries knows no key types; each writer meets the value of its own field only.
  const writers = Object.entries(fields) as [keyof T & string, Writer<unknown>][];
  return (value, style) => {
    const document = new Map<string, Document>();
    const always = options.always?.(style);
    for (const [key, write] of writers) {
      const field: unknown = value[key];
      const written = field === undefined ? undefined : write(field, style);
      const present = written === undefined ? always?.get(key) : written;
      if (present !== undefined) document.set(key, present);
    }
    addExtensions(document, value, style);
    return document;
  };
}

/** Go leaves out what is zero, unless the field is a pointer: the first three writers are for plain fields … */
export const text: Writer<string> = (value) => (value === "" ? undefined : value);
export const flag: Writer<boolean> = (value) => value || undefined;
export const number: Writer<number> = (value) => (value === 0 ? undefined : value);
/** … and this one for pointers. */
export const given: Writer<string | number | boolean> = (value) => value;

export const bytes: Writer<number> = (value) => (value === 0 ? undefined : formatBytes(value));
export const duration: Writer<number> = (value) => (value === 0 ? undefined : formatDuration(value));
export const givenDuration: Writer<number> = (value) => formatDuration(value);
export const fileMode: Writer<number> = (value) => formatFileMode(value);
export const texts: Writer<readonly string[]> = (value) => (value.length === 0 ? undefined : value);
/** A command says something even when it is empty: no arguments, whatever the image says. */
export const command: Writer<readonly string[]> = (value) => value;
export const nothing: Writer<unknown> = () => undefined;

/** Written with the object that has them, after its own fields. */
export const extensions: Writer<ReadonlyMap<string, Json>> = () => undefined;

export function list<T>(write: Writer<T>): Writer<readonly T[]> {
  return (value, style) => {
    if (value.length === 0) return undefined;
    return value.map((item) => write(item, style)).filter((item) => item !== undefined);
  };
}

export function map<T>(write: Writer<T>): Writer<ReadonlyMap<string, T>> {
  return (value, style) => {
    if (value.size === 0) return undefined;
    const document = new Map<string, Document>();
    for (const key of sortedKeys(value, style)) {
      const item = value.get(key);
      document.set(key, item === undefined ? null : (write(item, style) ?? null));
    }
    return document;
  };
}

export function nullable<T>(write: Writer<T>): Writer<T | null> {
  return (value, style) => (value === null ? null : write(value, style));
}

export const stringMap: Writer<StringMap | NullableMap> = map<string | null>((value) => value);

/** "host=address" lines, sorted: the hosts by name, each with its addresses in the order written. */
export const hosts: Writer<ReadonlyMap<string, readonly string[]>> = (value) => {
  const lines = [...value].flatMap(([host, addresses]) => addresses.map((address) => `${host}=${address}`));
  return lines.length === 0 ? undefined : lines.sort(compareCodePoints);
};

export function json(value: Json, style: DocumentStyle): Document {
  if (Array.isArray(value)) return value.map((item: Json) => json(item, style));
  if (value === null || typeof value !== "object") return value;
  const entries = new Map(Object.entries(value));
  return new Map(sortedKeys(entries, style).map((key) => [key, json(entries.get(key) ?? null, style)]));
}

/** The order of bytes in UTF-8, which is that of code points; UTF-16 differs beyond the basic plane. */
export function compareCodePoints(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    if (left.charCodeAt(index) === right.charCodeAt(index)) continue;
    return rank(left.charCodeAt(index)) - rank(right.charCodeAt(index));
  }
  return left.length - right.length;
}

export function sortedKeys(value: ReadonlyMap<string, unknown>, style: DocumentStyle): readonly string[] {
  const keys = [...value.keys()];
  return keys.length < 2 ? keys : keys.sort(style.compare);
}

/** Only the YAML form shows the extensions of a service, a network and so on. */
function addExtensions(document: Map<string, Document>, value: object, style: DocumentStyle): void {
  if (style.format !== "yaml" || !("extensions" in value) || !(value.extensions instanceof Map)) return;
  const found: ReadonlyMap<string, Json> = value.extensions;
  for (const key of sortedKeys(found, style)) document.set(key, json(found.get(key) ?? null, style));
}

/** Surrogates stand for code points above all others. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
