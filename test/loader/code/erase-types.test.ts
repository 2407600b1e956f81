import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

import { transform } from "esbuild";
import { expect, test } from "vitest";

import { eraseTypes } from "../../../src/loader/code/erase-types.ts";
import { CodeSyntaxError, parseCode } from "../../../src/loader/code/syntax.ts";

async function erased(text: string): Promise<string> {
  const result = eraseTypes(text, await parseCode(text, "typescript"));
  // Places are what the eraser is for.
  expect(result.length).toBe(text.length);
  expect([...result.matchAll(/\n/g)].map(({ index }) => index)).toEqual(
    [...text.matchAll(/\n/g)].map(({ index }) => index),
  );
  await parseCode(result, "javascript");
  return result;
}

function withoutBlanks(text: string): string {
  return text.replaceAll(/\s+/g, "");
}

test.each([
  ["const a: number = 1;", "const a = 1;"],
  ["let a!: number; a = 1;", "let a; a = 1;"],
  ["const a = b as string;", "const a = b;"],
  ["const a = (b as string) as number;", "const a = (b);"],
  ["const a = asset as unknown as satisfiesAs;", "const a = asset;"],
  ["const a = { b: 1 } satisfies C;", "const a = { b: 1 };"],
  ["const a = [1, 2] as const;", "const a = [1, 2];"],
  ["const a = b!.c![0]!;", "const a = b .c [0];"],
  ["const a = <string>b;", "const a = b;"],
  ["f<string, number>(1);", "f (1);"],
  ["const f = g<string>;", "const f = g;"],
  ["const f = <T,>(a: T): T => a;", "const f = (a) => a;"],
  ["const f = async <T>(a?: T, ...b: T[]): Promise<T> => a;", "const f = async (a, ...b) => a;"],
  ["const f = ({ a }: { a: string }, [b]: [number] = [1]) => a + b;", "const f = ({ a }, [b] = [1]) => a + b;"],
  ["const f = async (a: string): Promise<\n  Record<string, A>\n> => ({ a });", "const f = async (a\n\n) => ({ a });"],
  ["const f = () => {\n  return async <\n    T,\n  >(a: T) => a;\n};", "const f = () => { return async (a) => a; };"],
  ["function f(this: A, b: string): asserts b is 'x' {}", "function f( b) {}"],
  ["function f(a: string): void;\nfunction f(a: any) { return a }", ";\nfunction f(a) { return a}"],
  ["interface A { b: string }\n(1)", ";\n(1)"],
  ["const a = 1\ntype A = { b: 1 }\n[1].map(String)", "const a = 1\n;\n[1].map(String)"],
  ["declare const a: number;\ndeclare function f(): void;\nf(a)", ";\n;\nf(a)"],
  ["declare enum E { a }\ndeclare module 'x' {}\n1", ";\n;\n1"],
  ["import { a, type B } from './x'; a;", "import { a, } from './x'; a;"],
  ["import type { A } from './x'; 1", "; 1"],
  ["import { A } from './x'; const b: A = 1;", "; const b = 1;"],
  ["import { A, b } from './x'; const c: A = b;", "import { b } from './x'; const c = b;"],
  ["import './x'; 1", "import './x'; 1"],
  ["export type * from './x'; 1", "; 1"],
  ["const a = 1; type B = 1; export { type B, a };", "const a = 1; ; export { a };"],
  ["export type A = 1; export interface B {}\n1", ";;1"],
  [
    "abstract class A<T> extends B<T> implements C, D { private readonly a?: number = 1; declare b: string; static override c!: 1 }",
    "class A extends B { a = 1; static c}",
  ],
  [
    "class A { constructor(a: number); constructor(a?: any) { } get b(): string { return '' } [key: string]: unknown }",
    "class A { constructor(a) {} get b() { return ''}}",
  ],
  ["abstract class A { abstract a(): void; abstract b: 1; c?(): void {} }", "class A { c() {}}"],
  [
    "for (const a of b as string[]) if (a < c && d > (e)) f(a ? (b) : c);",
    "for (const a of b) if (a < c && d > (e)) f(a ? (b) : c);",
  ],
  ["try { a } catch (error: unknown) { throw error }", "try { a } catch (error) { throw error}"],
  ["const a = `x ${b as string} y`;", "const a = `x ${b} y`;"],
])("%s", async (typescript, javascript) => {
  expect(withoutBlanks(await erased(typescript))).toBe(withoutBlanks(javascript));
});

test.each([
  ["enum E { a }", "an enum cannot be run without being compiled: a const object says the same", 0],
  [
    "1; namespace N { export const a = 1 }",
    "a namespace cannot be run without being compiled: use a module or an object",
    3,
  ],
  [
    "class A { constructor(private a: number) {} }",
    "a parameter property cannot be run without being compiled: assign it in the constructor",
    22,
  ],
  ["import a = require('a');", "import = cannot be run without being compiled: write import … from", 0],
])("refused: %s", async (text, message, offset) => {
  const failure = await erased(text).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(CodeSyntaxError);
  expect(failure).toMatchObject({ message, offset });
});

test("all of our own code becomes what a compiler makes of it", async () => {
  const src = path.resolve(import.meta.dirname, "../../../src");
  const files = readdirSync(src, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  expect(files.length).toBeGreaterThan(300);
  // What is left empty is of no matter.
  const options = { target: "esnext", minifyWhitespace: true, minifySyntax: true } as const;
  for (const file of files) {
    const text = readFileSync(path.join(src, file), "utf8");
    const [ours, theirs] = await Promise.all([
      transform(await erased(text), { ...options, loader: "js" }),
      transform(text, { ...options, loader: "ts" }),
    ]);
    expect(ours.code, file).toBe(theirs.code);
  }
});
