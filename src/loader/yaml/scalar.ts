import type { Span } from "../../model/diagnostic.ts";
import { resolveScalar } from "../syntax/yaml-scalar.ts";
import type { ScalarTree } from "../tree.ts";

export function nullScalar(at: Span): ScalarTree {
  return { kind: "scalar", at, value: null };
}

/** Text that is a string whatever it looks like. */
export function quotedScalar(text: string, at: Span): ScalarTree {
  return { kind: "scalar", at, value: text, quoted: true };
}

/** Text without quotes, which may be a number, a boolean or nothing. */
export function plainScalar(text: string, at: Span): ScalarTree {
  const resolved = resolveScalar(text);
  switch (resolved.kind) {
    case "null":
      return nullScalar(at);
    case "string":
      return { kind: "scalar", at, value: text };
    case "boolean":
      return { kind: "scalar", at, value: resolved.value };
    case "integer":
    case "float": {
      const { value } = resolved;
      return String(value) === text ? { kind: "scalar", at, value } : { kind: "scalar", at, value, written: text };
    }
  }
}

/** What `!!int "3"` and their like mean; tags that nobody knows leave the text as it is. */
export function taggedScalar(tag: string, text: string, at: Span): ScalarTree {
  switch (tag) {
    case "tag:yaml.org,2002:int":
    case "tag:yaml.org,2002:float":
    case "tag:yaml.org,2002:bool":
    case "tag:yaml.org,2002:null":
    case "!reset":
      return plainScalar(text, at);
    case "!override": {
      // To docker compose all scalars below it are texts, `null` and `false` too; who writes those means them.
      const plain = plainScalar(text, at);
      return plain.value === null || typeof plain.value === "boolean" ? plain : quotedScalar(text, at);
    }
    case "tag:yaml.org,2002:binary":
      return quotedScalar(Buffer.from(text, "base64").toString("utf8"), at);
    default:
      return quotedScalar(text, at);
  }
}
