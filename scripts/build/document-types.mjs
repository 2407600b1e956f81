// The TypeScript type of a Compose document, written from the schema with its descriptions.

const extension = "^x-";

export function documentTypes(schema) {
  const { $defs, ...root } = schema;
  const declarations = [
    declare("ComposeDocument", root),
    ...Object.entries($defs).map(([name, def]) => declare(typeName(name), def)),
  ];
  return `// Written by scripts/schema.mjs from schemas/compose.schema.json; change that, not this.\n\n${declarations.join("\n")}`;
}

function declare(name, schema) {
  const types = typesOf(schema);
  if (!schema.properties)
    return `${comment(schema, "")}export type ${name} = ${types.map((type) => print(type, schema)).join(" | ")};\n`;
  if (types.length === 1) return `${comment(schema, "")}export interface ${name} ${fields(schema)}\n`;
  // The short forms beside the mapping, which gets a name of its own.
  const others = types.filter((type) => type !== "object").map((type) => print(type, schema));
  const union = [...new Set(others), `${name}Mapping`].join(" | ");
  return `${comment(schema, "")}export type ${name} = ${union};\n\nexport interface ${name}Mapping ${fields(schema)}\n`;
}

function fields(schema) {
  const required = new Set(schema.required);
  const lines = Object.entries(schema.properties).map(
    ([key, property]) =>
      `${comment(property, "  ")}  readonly ${key}${required.has(key) ? "" : "?"}: ${typeOf(property)};\n`,
  );
  if (schema.patternProperties?.[extension]) lines.push("  readonly [extension: `x-${string}`]: unknown;\n");
  else if (schema.additionalProperties !== false) lines.push("  readonly [key: string]: unknown;\n");
  return `{\n${lines.join("")}}`;
}

function typeOf(schema) {
  if (schema.$ref) return typeName(schema.$ref.slice("#/$defs/".length));
  return [...new Set(typesOf(schema).map((type) => print(type, schema)))].join(" | ");
}

function typesOf(schema) {
  return [schema.type].flat();
}

function print(type, schema) {
  switch (type) {
    case "string":
      return schema.enum ? schema.enum.map((value) => JSON.stringify(value)).join(" | ") : "string";
    case "integer":
      return "number";
    case "array": {
      const item = typeOf(schema.items);
      return item.includes("|") ? `readonly (${item})[]` : `readonly ${item}[]`;
    }
    case "object": {
      const named = Object.entries(schema.patternProperties ?? {}).find(([pattern]) => pattern !== extension)?.[1];
      const value = named ?? (schema.additionalProperties || undefined);
      return `Readonly<Record<string, ${value ? typeOf(value) : "unknown"}>>`;
    }
    default:
      return type;
  }
}

function comment({ description, deprecated }, indent) {
  if (!description) return "";
  return `${indent}/** ${description.replaceAll("*/", "*\\/")}${deprecated ? " @deprecated" : ""} */\n`;
}

/** "bind_options" → "ComposeBindOptions" */
function typeName(name) {
  return `Compose${name.replaceAll(/(?:^|_)([a-z])/g, (_, letter) => letter.toUpperCase())}`;
}
