import { UsageError } from "../../model/error.ts";
import { checkCount } from "./arguments.ts";
import { functions, isTrue, listOf, printed } from "./functions.ts";
import type { TemplateFunction } from "./functions.ts";
import type { Call, Node, Pipeline, Term } from "./parse.ts";

interface Scope {
  readonly dot: unknown;
  /** Shared with the blocks inside, which may assign to them. */
  readonly variables: ReadonlyMap<string, { value: unknown }>;
  readonly templates: ReadonlyMap<string, readonly Node[]>;
  /** The line with the names of columns: there is nothing to go through, and nothing to change about a name. */
  readonly heading: boolean;
}

interface Outcome {
  readonly text: string;
  /** What is left of the round, or of the range, is left out. */
  readonly leave?: "break" | "continue" | undefined;
}

export function executeTemplate(nodes: readonly Node[], data: unknown, heading = false): string {
  const templates = new Map(nodes.flatMap((node) => (node.kind === "define" ? [[node.name, node.body]] : [])));
  return block(nodes, { dot: data, variables: rootVariables(data), templates, heading }).text;
}

function rootVariables(dot: unknown): Scope["variables"] {
  return new Map([["", { value: dot }]]);
}

/** A variable lives up to the end of the block that it was made in. */
function block(nodes: readonly Node[], outer: Scope): Outcome {
  const variables = new Map(outer.variables);
  const scope = { ...outer, variables };
  let text = "";
  for (const node of nodes) {
    if (node.kind === "text") text += node.text;
    else if (node.kind === "print") {
      const value = evaluate(node.pipeline, scope);
      const [name] = node.pipeline.variables;
      if (name === undefined) text += printed(value);
      else if (node.pipeline.assigns) variableOf(name, scope).value = value;
      else variables.set(name, { value });
    } else if (node.kind === "template") text += used(node, scope);
    else if (node.kind === "leave") return { text, leave: node.word };
    else if (node.kind !== "define") {
      const { text: inner, leave } = branch(node, scope);
      text += inner;
      if (leave !== undefined) return { text, leave };
    }
  }
  return { text };
}

function used({ name, pipeline }: Extract<Node, { kind: "template" }>, scope: Scope): string {
  const body = scope.templates.get(name);
  if (body === undefined) throw new UsageError(`template: template "${name}" not defined`);
  const dot = pipeline === undefined ? undefined : evaluate(pipeline, scope);
  return block(body, { ...scope, dot, variables: rootVariables(dot) }).text;
}

type Branch = Extract<Node, { body: unknown; pipeline: unknown }>;

function branch(node: Branch, scope: Scope): Outcome {
  const value = evaluate(node.pipeline, scope);
  if (!isTrue(value)) return block(node.otherwise, scope);
  if (node.kind === "range") return { text: rounds(value, node, scope) };
  const variables = bind(scope, node.pipeline.variables, [value]);
  return block(node.body, { ...scope, dot: node.kind === "with" ? value : scope.dot, variables });
}

function rounds(value: unknown, node: Branch, scope: Scope): string {
  if (scope.heading && typeof value === "string") return "";
  const entries: readonly (readonly [unknown, unknown])[] =
    value instanceof Map ? sortedEntries(value) : itemsOf(value).map((each, index) => [index, each] as const);
  const names = node.pipeline.variables;
  let text = "";
  for (const [key, each] of entries) {
    const variables = bind(scope, names, names.length === 2 ? [key, each] : [each]);
    const round = block(node.body, { ...scope, dot: each, variables });
    text += round.text;
    if (round.leave === "break") break;
  }
  return text;
}

/** `range 3` is 0, 1, 2. */
function itemsOf(value: unknown): readonly unknown[] {
  return typeof value === "number" ? Array.from({ length: value }, (_, index) => index) : listOf(value);
}

/** Go goes through a map in the order of its keys. */
function sortedEntries(map: ReadonlyMap<unknown, unknown>): readonly (readonly [unknown, unknown])[] {
  return [...map].toSorted(([one], [other]) => (printed(one) < printed(other) ? -1 : 1));
}

function bind(scope: Scope, names: readonly string[], values: readonly unknown[]): Scope["variables"] {
  return new Map([...scope.variables, ...names.map((name, index) => [name, { value: values[index] }] as const)]);
}

function variableOf(name: string, { variables }: Scope): { value: unknown } {
  const found = variables.get(name);
  if (found === undefined) throw new UsageError(`template: there is no variable $${name}`);
  return found;
}

function evaluate({ calls }: Pipeline, scope: Scope): unknown {
  let value: unknown;
  for (const [index, each] of calls.entries()) value = call(each, index === 0 ? [] : [value], scope);
  return value;
}

function call([head, ...operands]: Call, piped: readonly unknown[], scope: Scope): unknown {
  if (head.kind === "function" && (head.name === "and" || head.name === "or"))
    return decided(head.name, { operands, piped, scope });
  const values = [...operands.map((each) => operand(each, scope)), ...piped];
  const called = head.kind === "function" ? named(head.name, scope) : operand(head, scope);
  if (typeof called === "function") checkCount(nameOf(head), values.length);
  if (typeof called === "function") return (called as TemplateFunction)(...values);
  if (values.length > 0) throw new UsageError(`template: ${describe(head)} takes no arguments`);
  return called;
}

interface Deciding {
  readonly operands: readonly Term[];
  readonly piped: readonly unknown[];
  readonly scope: Scope;
}

/** What comes behind the operand that decides is not even looked at. */
function decided(name: "and" | "or", { operands, piped, scope }: Deciding): unknown {
  checkCount(name, operands.length + piped.length);
  let value: unknown;
  for (const each of [...operands, ...piped.map((given) => ({ given }))]) {
    value = "given" in each ? each.given : operand(each, scope);
    if (isTrue(value) === (name === "or")) return value;
  }
  return value;
}

function nameOf(term: Term): string {
  if (term.kind === "function") return term.name;
  return term.kind === "field" ? (term.path.at(-1) ?? "") : "";
}

function operand(term: Term, scope: Scope): unknown {
  switch (term.kind) {
    case "literal":
      return term.value;
    case "field":
      return fieldOf(term.of === undefined ? scope.dot : operand(term.of, scope), term.path);
    case "variable":
      return fieldOf(variableOf(term.name, scope).value, term.path);
    case "function":
      return call([term], [], scope);
    case "pipeline":
      return evaluate(term.pipeline, scope);
  }
}

/** How a value is written says nothing about its column's name. */
const forValues: ReadonlySet<string> = new Set(["json", "title", "lower", "upper", "truncate"]);
/** What a value is compared with is not of a name's kind. */
const comparisons: ReadonlySet<string> = new Set(["eq", "ne", "lt", "le", "gt", "ge"]);

function named(name: string, { heading }: Scope): TemplateFunction {
  if (heading && forValues.has(name)) return (value) => value;
  if (heading && comparisons.has(name)) return () => name === "ne";
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
