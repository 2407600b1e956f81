import { childrenOf, CodeSyntaxError, nameOf, nodeIn, nodesIn, type SyntaxNode } from "./syntax.ts";

/**
 * TypeScript → JavaScript by putting blanks where types are, so that every place stays what it was. What cannot be
 * erased because it does something (enums, namespaces) is refused, as Node itself refuses it.
 */
export function eraseTypes(text: string, program: SyntaxNode): string {
  const eraser: Eraser = { text, blanks: [], moved: [], used: new Set() };
  visit(program, eraser);
  for (const each of nodesIn(program, "body")) if (each.type === "ImportDeclaration") eraseUnused(each, eraser);
  return blanked(text, eraser);
}

interface Eraser {
  readonly text: string;
  readonly blanks: Blank[];
  /** Parentheses, to where a type was. */
  readonly moved: { readonly from: number; readonly to: number }[];
  /** Names that something other than a type uses. */
  readonly used: Set<string>;
}

interface Blank {
  readonly start: number;
  readonly end: number;
  /** What is before it may need the semicolon that ended it. */
  readonly isStatement: boolean;
}

type Rule = (node: SyntaxNode, eraser: Eraser) => void;

/** What is a type wherever it stands has no rule: its kind starts with "TS". */
const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ["TSEnumDeclaration", (node, eraser) => declared(node, eraser, "an enum", "a const object says the same")],
  ["TSModuleDeclaration", (node, eraser) => declared(node, eraser, "a namespace", "use a module or an object")],
  ["TSParameterProperty", (node) => refuse(node, "a parameter property", "assign it in the constructor")],
  ["TSImportEqualsDeclaration", (node) => refuse(node, "import =", "write import … from")],
  ["TSExportAssignment", (node) => refuse(node, "export =", "write export default")],
  ["TSAsExpression", eraseSuffix],
  ["TSSatisfiesExpression", eraseSuffix],
  ["TSNonNullExpression", eraseMark],
  ["TSTypeAssertion", eraseAssertion],
  ["TSInstantiationExpression", visitChildren],
  ["ImportDeclaration", visitImport],
  ["ExportNamedDeclaration", visitExport],
  ["ExportAllDeclaration", visitExport],
  ["ExportDefaultDeclaration", visitExport],
  ["ClassDeclaration", visitClass],
  ["ClassExpression", visitClass],
  ["PropertyDefinition", visitMember],
  ["MethodDefinition", visitMember],
  ["FunctionDeclaration", visitFunction],
  ["FunctionExpression", visitFunction],
  ["ArrowFunctionExpression", visitFunction],
  ["VariableDeclaration", visitDeclaration],
  ["VariableDeclarator", visitDeclarator],
  ["Identifier", visitIdentifier],
]);

function visit(node: SyntaxNode, eraser: Eraser): void {
  const rule = rules.get(node.type);
  if (rule !== undefined) rule(node, eraser);
  else if (node.type.startsWith("TS")) erase(node, eraser);
  else visitChildren(node, eraser);
}

function visitChildren(node: SyntaxNode, eraser: Eraser): void {
  for (const each of childrenOf(node)) visit(each, eraser);
}

function erase(node: Pick<SyntaxNode, "start" | "end"> & { readonly type?: string }, eraser: Eraser): void {
  const { start, end, type = "" } = node;
  const isStatement = /(?:Declaration|DeclareFunction)$/.test(type) && type !== "TSTypeParameterDeclaration";
  eraser.blanks.push({ start, end, isStatement });
}

function refuse({ start }: SyntaxNode, what: string, instead: string): never {
  throw new CodeSyntaxError(`${what} cannot be run without being compiled: ${instead}`, start);
}

function declared(node: SyntaxNode, eraser: Eraser, what: string, instead: string): void {
  if (node["declare"] === true || node["global"] === true) erase(node, eraser);
  else refuse(node, what, instead);
}

/** `value as Type`, where the value may stand in parentheses of its own. */
function eraseSuffix(node: SyntaxNode, eraser: Eraser): void {
  const value = nodeIn(node, "expression");
  const type = nodeIn(node, "typeAnnotation");
  if (value === undefined || type === undefined) return;
  visit(value, eraser);
  const keyword = node.type === "TSAsExpression" ? "as" : "satisfies";
  erase({ start: eraser.text.lastIndexOf(keyword, type.start - 1), end: node.end }, eraser);
}

/** `value!` */
function eraseMark(node: SyntaxNode, eraser: Eraser): void {
  visitChildren(node, eraser);
  erase({ start: node.end - 1, end: node.end }, eraser);
}

/** `<Type>value` */
function eraseAssertion(node: SyntaxNode, eraser: Eraser): void {
  const type = nodeIn(node, "typeAnnotation");
  const value = nodeIn(node, "expression");
  if (value === undefined || type === undefined) return;
  erase({ start: node.start, end: eraser.text.indexOf(">", type.end) + 1 }, eraser);
  visit(value, eraser);
}

function visitImport(node: SyntaxNode, eraser: Eraser): void {
  if (node["importKind"] === "type") erase(node, eraser);
  for (const each of nodesIn(node, "specifiers")) if (each["importKind"] === "type") eraseItem(each, eraser);
}

/** An import that only types use may be one of a type, which does not exist when the program runs. */
function eraseUnused(node: SyntaxNode, eraser: Eraser): void {
  const specifiers = nodesIn(node, "specifiers");
  const isUsed = (each: SyntaxNode): boolean => eraser.used.has(nameOf(nodeIn(each, "local")) ?? "");
  if (node["importKind"] === "type" || specifiers.length === 0) return;
  if (!specifiers.some((each) => each["importKind"] !== "type" && isUsed(each))) return erase(node, eraser);
  for (const each of specifiers) if (each.type === "ImportSpecifier" && !isUsed(each)) eraseItem(each, eraser);
}

function visitExport(node: SyntaxNode, eraser: Eraser): void {
  const declaration = nodeIn(node, "declaration");
  const isType =
    node["exportKind"] === "type" ||
    declaration?.["declare"] === true ||
    /^TS(Interface|TypeAlias|DeclareFunction)/.test(declaration?.type ?? "");
  if (isType) return erase(node, eraser);
  for (const each of nodesIn(node, "specifiers")) if (each["exportKind"] === "type") eraseItem(each, eraser);
  visitChildren(node, eraser);
}

function visitClass(node: SyntaxNode, eraser: Eraser): void {
  if (node["declare"] === true) return erase(node, eraser);
  const head = eraser.text.slice(node.start).search(/\bclass\b/);
  if (node["abstract"] === true) erase({ start: node.start, end: node.start + head }, eraser);
  const interfaces = nodesIn(node, "implements");
  const first = interfaces[0];
  const last = interfaces.at(-1);
  if (first !== undefined && last !== undefined) {
    erase({ start: eraser.text.lastIndexOf("implements", first.start), end: last.end }, eraser);
  }
  visitChildren({ ...node, implements: [] }, eraser);
}

function visitMember(node: SyntaxNode, eraser: Eraser): void {
  const key = nodeIn(node, "key");
  const value = nodeIn(node, "value");
  const isSignature = node.type === "MethodDefinition" && (value === undefined || nodeIn(value, "body") === undefined);
  if (key === undefined || node["declare"] === true || node["abstract"] === true || isSignature) {
    return erase(node, eraser);
  }
  const isConstructor = node["kind"] === "constructor";
  const before = isConstructor ? "" : eraser.text.slice(node.start, key.start);
  for (const { index, 0: word } of before.matchAll(/\b(?:public|private|protected|readonly|override)\b/g)) {
    erase({ start: node.start + index, end: node.start + index + word.length }, eraser);
  }
  const mark = node["optional"] === true ? "?" : node["definite"] === true ? "!" : undefined;
  if (mark !== undefined) eraseNext(mark, key.end, eraser);
  for (const each of childrenOf(node)) if (each !== key || node["computed"] === true) visit(each, eraser);
}

function visitFunction(node: SyntaxNode, eraser: Eraser): void {
  if (node["declare"] === true || nodeIn(node, "body") === undefined) return erase(node, eraser);
  const [first] = nodesIn(node, "params");
  if (nameOf(first) === "this" && first !== undefined) eraseItem(first, eraser);
  if (node.type === "ArrowFunctionExpression") keepTogether(node, eraser);
  visitChildren(node, eraser);
}

/** No line may end before the arrow, nor between `async` or `return` and what comes after; a blanked type has lines. */
function keepTogether(arrow: SyntaxNode, { text, moved }: Eraser): void {
  const parameters = nodeIn(arrow, "typeParameters");
  const result = nodeIn(arrow, "returnType");
  if (parameters !== undefined && spansLines(parameters, text)) {
    moved.push({ from: text.indexOf("(", parameters.end), to: parameters.start });
  }
  if (result !== undefined && spansLines(result, text)) {
    moved.push({ from: text.lastIndexOf(")", result.start), to: result.end - 1 });
  }
}

function spansLines({ start, end }: SyntaxNode, text: string): boolean {
  return text.slice(start, end).includes("\n");
}

function visitDeclaration(node: SyntaxNode, eraser: Eraser): void {
  if (node["declare"] === true) erase(node, eraser);
  else visitChildren(node, eraser);
}

function visitDeclarator(node: SyntaxNode, eraser: Eraser): void {
  const id = nodeIn(node, "id");
  if (node["definite"] === true && id !== undefined) eraseNext("!", id.start, eraser);
  visitChildren(node, eraser);
}

function visitIdentifier(node: SyntaxNode, eraser: Eraser): void {
  const name = nameOf(node) ?? "";
  eraser.used.add(name);
  if (node["optional"] === true) eraseNext("?", node.start + name.length, eraser);
  visitChildren(node, eraser);
}

function eraseNext(mark: string, from: number, eraser: Eraser): void {
  const start = eraser.text.indexOf(mark, from);
  if (start !== -1) erase({ start, end: start + 1 }, eraser);
}

/** An item of a list, and the comma behind it. */
function eraseItem({ start, end }: SyntaxNode, eraser: Eraser): void {
  const comma = /^(?:\s|\/\*[^]*?\*\/)*,/.exec(eraser.text.slice(end))?.[0].length ?? 0;
  erase({ start, end: end + comma }, eraser);
}

/** Lines and columns stay what they are. */
function blanked(text: string, { blanks, moved }: Eraser): string {
  const units = text.split("");
  for (const { start, end } of blanks) {
    for (let at = start; at < end; at += 1) if (units[at] !== "\n" && units[at] !== "\r") units[at] = " ";
  }
  for (const { start, isStatement } of blanks) if (isStatement) units[start] = ";";
  for (const { from, to } of moved) {
    units[from] = " ";
    units[to] = text[from] ?? "";
  }
  return units.join("");
}
