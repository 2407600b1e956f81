import type { Document, DocumentMap } from "../model/document.ts";
import { encodeScalar, encodeText } from "../model/json-text.ts";
import { formatGoFloat } from "./syntax/go-number.ts";
import { writeYamlText } from "./yaml-text.ts";

/** A document as YAML, laid out like docker compose's. */
export function printYaml(document: DocumentMap): string {
  const out: string[] = [];
  if (document.size === 0) return "{}\n";
  writeMap(document, "", out);
  return out.join("");
}

/** A document as JSON with two blanks, without a line feed at the end, as docker compose has none either. */
export function printJson(document: Document): string {
  const out: string[] = [];
  writeJson(document, "\n", out);
  return out.join("");
}

/** What is printed can be loaded again: a literal `$` has to be doubled for that. */
export function doubleDollars(text: string): string {
  return text.replaceAll("$", "$$$$");
}

/** Every line starts with `indent`, except that the caller has started the first one. */
function writeMap(map: DocumentMap, indent: string, out: string[]): void {
  let first = true;
  for (const [key, value] of map) {
    if (!first) out.push(indent);
    first = false;
    // A reader need not look for the colon of a key beyond 128 characters.
    if (key.length > 128) out.push("? ", writeYamlText(key, "key", indent), "\n", indent, ":");
    else out.push(writeYamlText(key, "key", indent), ":");
    writeValue(value, indent, out);
  }
}

function writeValue(value: Document, indent: string, out: string[]): void {
  if (!isCollection(value) || sizeOf(value) === 0) {
    out.push(" ", writeScalar(value, indent), "\n");
    return;
  }
  const inner = `${indent}  `;
  out.push("\n", inner);
  if (isList(value)) writeList(value, inner, out);
  else writeMap(value, inner, out);
}

function writeList(list: readonly Document[], indent: string, out: string[]): void {
  const inner = `${indent}  `;
  for (const [index, item] of list.entries()) {
    if (index > 0) out.push(indent);
    out.push("- ");
    if (!isCollection(item) || sizeOf(item) === 0) out.push(writeScalar(item, indent), "\n");
    else if (isList(item)) writeList(item, inner, out);
    else writeMap(item, inner, out);
  }
}

function writeScalar(value: Document, indent: string): string {
  if (typeof value === "string") return writeYamlText(value, "value", indent);
  if (typeof value === "number") return writeNumber(value);
  if (typeof value === "object" && value !== null) return isList(value) ? "[]" : "{}";
  return String(value);
}

function writeNumber(value: number): string {
  if (Number.isNaN(value)) return ".nan";
  if (!Number.isFinite(value)) return value > 0 ? ".inf" : "-.inf";
  return Number.isInteger(value) ? String(value) : formatGoFloat(value);
}

function writeJson(value: Document, newline: string, out: string[]): void {
  if (typeof value === "string") out.push(encodeText(value));
  else if (!isCollection(value)) out.push(encodeScalar(value));
  else if (sizeOf(value) === 0) out.push(isList(value) ? "[]" : "{}");
  else if (isList(value)) writeJsonList(value, newline, out);
  else writeJsonMap(value, newline, out);
}

function writeJsonList(list: readonly Document[], newline: string, out: string[]): void {
  const inner = `${newline}  `;
  out.push("[");
  for (const [index, item] of list.entries()) {
    out.push(index === 0 ? inner : `,${inner}`);
    writeJson(item, inner, out);
  }
  out.push(newline, "]");
}

function writeJsonMap(map: DocumentMap, newline: string, out: string[]): void {
  const inner = `${newline}  `;
  let separator = "{";
  for (const [key, value] of map) {
    out.push(separator, inner, encodeText(key), ": ");
    writeJson(value, inner, out);
    separator = ",";
  }
  out.push(newline, "}");
}

function isCollection(value: Document): value is readonly Document[] | DocumentMap {
  return typeof value === "object" && value !== null;
}

function isList(value: readonly Document[] | DocumentMap): value is readonly Document[] {
  return Array.isArray(value);
}

function sizeOf(value: readonly Document[] | DocumentMap): number {
  return isList(value) ? value.length : value.size;
}
