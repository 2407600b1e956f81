import type { Typed } from "./control.ts";

/** "type=registry,ref=host/image" as cache_from and cache_to have it; a text without "=" is an image. */
export function cacheEntry(text: string): Typed {
  if (!text.includes("=")) return { type: "registry", attributes: new Map([["ref", text]]) };
  const pairs = fieldsOf(text).map((field): [string, string] => {
    const equals = field.indexOf("=");
    return equals < 0 ? [field, ""] : [field.slice(0, equals).trim().toLowerCase(), field.slice(equals + 1)];
  });
  const attributes = new Map(pairs);
  const type = attributes.get("type") ?? "registry";
  attributes.delete("type");
  return { type, attributes };
}

/** Commas part, but not between quotes: a,"b,c" has two fields. */
function fieldsOf(text: string): string[] {
  const fields = text.match(/(?:"[^"]*"|[^,])+/g) ?? [];
  return fields.map((field) => field.replaceAll('"', ""));
}
