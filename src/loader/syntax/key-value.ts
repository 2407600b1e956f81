import { parsed, unparsed, type Parsed } from "./parsed.ts";

export interface KeyValue {
  readonly key: string;
  /** Absent: the item is a bare key. */
  readonly value?: string;
}

/** One item of a list such as `- KEY=value`; only the first "=" counts. */
export function splitKeyValue(item: string): KeyValue {
  const equals = item.indexOf("=");
  return equals === -1 ? { key: item } : { key: item.slice(0, equals), value: item.slice(equals + 1) };
}

/** As above for variables of a container, where a blank before the "=" is surely a slip. */
export function parseVariable(item: string): Parsed<KeyValue> {
  const pair = splitKeyValue(item);
  const trimmed = pair.key.trimEnd();
  if (trimmed === pair.key) return parsed(pair);
  return unparsed(`variable "${trimmed}" is followed by a blank`, {
    hint: "remove the blank before the =",
    offset: trimmed.length,
    length: pair.key.length - trimmed.length,
  });
}
