import type { Document, DocumentMap } from "./document.ts";

/** JSON without blanks, with the escapes of Go's encoder. */
export function encodeJson(document: Document): string {
  if (typeof document === "string") return encodeText(document);
  if (document === null || typeof document !== "object") return encodeScalar(document);
  if (isList(document)) return `[${document.map((item) => encodeJson(item)).join(",")}]`;
  const fields: string[] = [];
  for (const [key, value] of document) fields.push(`${encodeText(key)}:${encodeJson(value)}`);
  return `{${fields.join(",")}}`;
}

/** Numbers too large for JavaScript's own are printed digit by digit. */
export function encodeScalar(value: null | boolean | number | bigint): string {
  return typeof value === "bigint" ? value.toString() : JSON.stringify(value);
}

/** Go keeps its JSON fit to stand in HTML and in JavaScript. */
export function encodeText(text: string): string {
  return JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, (found) => {
    return `\\u${found.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}

function isList(document: readonly Document[] | DocumentMap): document is readonly Document[] {
  return Array.isArray(document);
}
