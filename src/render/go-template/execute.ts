import { UsageError } from "../../model/error.ts";
import { functions, isTrue, listOf, printed } from "./functions.ts";
import type { TemplateFunction } from "./functions.ts";
import type { Call, Node, Pipeline, Term } from "./parse.ts";

interface Scope {
  readonly dot: unknown;
  readonly variables: ReadonlyMap<string, unknown>;
}

export function executeTemplate(nodes: readonly Node[], data: unknown): string {
  return block(nodes, { dot: data, variables: new Map([["", data]]) });
}

/** A variable lives up to the end of the block that it was made in. */
function block(nodes: readonly Node[], outer: Scope): string {
  const variables = new Map(outer.variables);
  const scope = { ...outer, variables };
  let text = "";
  for (const node of nodes) {
    if (node.kind === "text") text += node.text;
    else if (node.kind === "print") {
      const value = evaluate(node.pipeline, scope);
      const [name] = node.pipeline.variables;
      if (name === undefined) text += printed(value);
      else variables.set(name, value);
    } else text += branch(node, scope);
  }
  return text;
}

function branch(node: Exclude<Node, { kind: "text" | "print" }>, scope: Scope): string {
  const value = evaluate(node.pipeline, scope);
  if (!isTrue(value)) return block(node.otherwise, scope);
  if (node.kind === "range") return rounds(value, node, scope);
  const variables = bind(scope, node.pipeline.variables, [value]);
  return block(node.body, { dot: node.kind === "with" ? value : scope.dot, variables });
}

function rounds(value: unknown, node: Extract<Node, { pipeline: Pipeline; body: unknown }>, scope: Scope): string {
  const entries: readonly (readonly [unknown, unknown])[] =
    value instanceof Map ? sortedEntries(value) : listOf(value).map((each, index) => [index, each] as const);
  const names = node.pipeline.variables;
  const texts = entries.map(([key, each]) =>
    block(node.body, { dot: each, variables: bind(scope, names, names.length === 2 ? [key, each] : [each]) }),
  );
  return texts.join("");
}

/** Go goes through a map in the order of its keys. */
function sortedEntries(map: ReadonlyMap<unknown, unknown>): readonly (readonly [unknown, unknown])[] {
  return [...map].toSorted(([one], [other]) => (printed(one) < printed(other) ? -1 : 1));
}

function bind(scope: Scope, names: readonly string[], values: readonly unknown[]): ReadonlyMap<string, unknown> {
  return new Map([...scope.variables, ...names.map((name, index) => [name, values[index]] as const)]);
}

function evaluate({ calls }: Pipeline, scope: Scope): unknown {
  let value: unknown;
  for (const [index, each] of calls.entries()) value = call(each, index === 0 ? [] : [value], scope);
  return value;
}

function call([head, ...operands]: Call, piped: readonly unknown[], scope: Scope): unknown {
  const values = [...operands.map((each) => operand(each, scope)), ...piped];
  const called = head.kind === "function" ? named(head.name) : operand(head, scope);
  if (typeof called === "function") return (called as TemplateFunction)(...values);
  if (values.length > 0) throw new UsageError(`template: ${describe(head)} takes no arguments`);
  return called;
}

function operand(term: Term, scope: Scope): unknown {
  switch (term.kind) {
    case "literal":
      return term.value;
    case "field":
      return fieldOf(term.of === undefined ? scope.dot : operand(term.of, scope), term.path);
    case "variable":
      if (!scope.variables.has(term.name)) throw new UsageError(`template: there is no variable $${term.name}`);
      return fieldOf(scope.variables.get(term.name), term.path);
    case "function":
      return named(term.name)();
    case "pipeline":
      return evaluate(term.pipeline, scope);
  }
}

function named(name: string): TemplateFunction {
  const found = functions.get(name);
  if (found === undefined) throw new UsageError(`template parsing error: function "${name}" not defined`);
  return found;
}

function fieldOf(start: unknown, path: readonly string[]): unknown {
  let value = start;
  for (const name of path) {
    if (value instanceof Map) value = value.get(name);
    else if (typeof value === "object" && value !== null && Object.hasOwn(value, name))
      value = Reflect.get(value, name);
    else throw new UsageError(`template: there is no field .${name}`, hint(value));
  }
  return value;
}

function hint(value: unknown): string | undefined {
  return typeof value === "object" && value !== null
    ? `there are: ${Object.keys(value)
        .map((key) => `.${key}`)
        .join(" ")}`
    : undefined;
}

function describe(term: Term): string {
  return term.kind === "field" ? `.${term.path.join(".")}` : term.kind;
}
