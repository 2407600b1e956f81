import { schema } from "../generated/schema.js";

export type TypeName = "null" | "boolean" | "integer" | "number" | "string" | "array" | "object";

/** One node of schemas/compose.schema.json, with its references followed. */
export interface SchemaNode {
  /** Empty: any. */
  readonly types: readonly TypeName[];
  /** Keys that the schema knows. */
  readonly keys: ReadonlyMap<string, SchemaNode>;
  /** What the user gives names to, such as services. */
  readonly named?: SchemaNode;
  /** What such a name must look like. */
  readonly namePattern?: RegExp;
  readonly allowsExtensions: boolean;
  /** Other keys may not be there. */
  readonly closed: boolean;
  readonly required: readonly string[];
  readonly items?: SchemaNode;
  readonly uniqueItems: boolean;
  /** Of a string. */
  readonly values?: readonly string[];
  readonly pattern?: RegExp;
  /** Of a number. */
  readonly minimum?: number;
  readonly maximum?: number;
}

/** The keywords that the schema uses; a test sees to it that there are no others. */
interface RawNode {
  readonly $ref?: string;
  readonly type?: TypeName | readonly TypeName[];
  readonly properties?: Readonly<Record<string, RawNode>>;
  /** Extensions, "^x-", or names that the user gives. */
  readonly patternProperties?: Readonly<Record<string, RawNode>>;
  readonly additionalProperties?: false | RawNode;
  readonly required?: readonly string[];
  readonly items?: RawNode;
  readonly uniqueItems?: true;
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

const raw = schema as RawNode & { readonly $defs: Readonly<Record<string, RawNode>> };
const definitions = new Map<string, SchemaNode>();
const extensions = "^x-";

export const rootNode: SchemaNode = read(raw);

/** The schema of one value in a mapping: "any" when it says nothing of it, "none" when the key may not be there. */
export function nodeOfKey(node: SchemaNode, key: string): SchemaNode | "any" | "none" {
  const known = node.keys.get(key);
  if (known !== undefined) return known;
  if (node.named !== undefined && (node.namePattern?.test(key) ?? true)) return node.named;
  if (node.allowsExtensions && key.startsWith("x-")) return "any";
  return node.closed ? "none" : "any";
}

function read(node: RawNode): SchemaNode {
  if (node.$ref !== undefined) return readDefinition(node.$ref);
  const { type = [], enum: values, pattern, minimum, maximum, items } = node;
  return {
    types: typeof type === "string" ? [type] : type,
    keys: new Map(Object.entries(node.properties ?? {}).map(([key, property]) => [key, read(property)])),
    ...readNamed(node),
    allowsExtensions: node.patternProperties?.[extensions] !== undefined,
    closed: node.additionalProperties === false,
    required: node.required ?? [],
    ...(items !== undefined && { items: read(items) }),
    uniqueItems: node.uniqueItems ?? false,
    ...(values !== undefined && { values }),
    ...(pattern !== undefined && { pattern: new RegExp(pattern, "u") }),
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
  };
}

/** Definitions do not contain themselves, so reading them ends. */
function readDefinition(reference: string): SchemaNode {
  const known = definitions.get(reference);
  if (known !== undefined) return known;
  const node = read(raw.$defs[reference.slice("#/$defs/".length)] ?? {});
  definitions.set(reference, node);
  return node;
}

function readNamed({ patternProperties, additionalProperties }: RawNode): Pick<SchemaNode, "named" | "namePattern"> {
  for (const [pattern, node] of Object.entries(patternProperties ?? {}))
    if (pattern !== extensions) return { named: read(node), namePattern: new RegExp(pattern, "u") };
  return additionalProperties ? { named: read(additionalProperties) } : {};
}
