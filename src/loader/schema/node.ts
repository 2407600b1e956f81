import { schema } from "../generated/schema.js";

/** The keywords that schemas/compose.schema.json uses; a test sees to it that there are no others. */
export interface SchemaNode {
  readonly $ref?: string;
  readonly type?: TypeName | readonly TypeName[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  /** Either extensions, "^x-", or names that the user gives. */
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: false | SchemaNode;
  readonly required?: readonly string[];
  readonly items?: SchemaNode;
  readonly uniqueItems?: true;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

export type TypeName = "null" | "boolean" | "integer" | "number" | "string" | "array" | "object";

interface RootNode extends SchemaNode {
  readonly $defs: Readonly<Record<string, SchemaNode>>;
}

export const rootNode: SchemaNode = schema as RootNode;

const definitions: ReadonlyMap<string, SchemaNode> = new Map(
  Object.entries((schema as RootNode).$defs).map(([name, node]) => [`#/$defs/${name}`, node]),
);
const patterns = new Map<string, RegExp>();

/** What a reference stands for; other nodes stand for themselves. */
export function resolve(node: SchemaNode): SchemaNode {
  return node.$ref === undefined ? node : (definitions.get(node.$ref) ?? node);
}

export function typesOf(node: SchemaNode): readonly TypeName[] {
  if (node.type === undefined) return [];
  return typeof node.type === "string" ? [node.type] : node.type;
}

/** The schema of one value in a mapping: "any" when it says nothing of it, "none" when the key may not be there. */
export function nodeOfKey(node: SchemaNode, key: string): SchemaNode | "any" | "none" {
  if (node.properties !== undefined && Object.hasOwn(node.properties, key)) return node.properties[key] ?? "any";
  if (node.patternProperties !== undefined) {
    for (const pattern of Object.keys(node.patternProperties))
      if (matches(pattern, key)) return pattern === extensions ? "any" : (node.patternProperties[pattern] ?? "any");
  }
  if (node.additionalProperties === false) return "none";
  return node.additionalProperties ?? "any";
}

/** The schema of what the user gives names to; absent: the keys are known words. */
export function namedNode(node: SchemaNode): SchemaNode | undefined {
  const named = Object.entries(node.patternProperties ?? {}).find(([pattern]) => pattern !== extensions);
  return named?.[1] ?? (node.additionalProperties === false ? undefined : node.additionalProperties);
}

export function matches(pattern: string, text: string): boolean {
  let compiled = patterns.get(pattern);
  if (compiled === undefined) patterns.set(pattern, (compiled = new RegExp(pattern, "u")));
  return compiled.test(text);
}

const extensions = "^x-";
