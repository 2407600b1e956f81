import { posix } from "node:path";

/** Decides which paths of a build context (or of a watched folder) stay out, as the engine's own ignore files do. */
export interface IgnoreRules {
  /** `path` is relative, "/"-separated. A path below an ignored folder is ignored. */
  ignores(path: string): boolean;
  /** False only when nothing below an ignored folder can be re-included, so that a walk may skip it. */
  mayContainIncluded(folder: string): boolean;
}

interface Rule {
  readonly pattern: string;
  readonly keeps: boolean;
  readonly expression: RegExp;
}

export function ignoreRules(text: string): IgnoreRules {
  const rules = text
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .map(parseLine)
    .filter((rule) => rule !== undefined);
  const exceptions = rules.filter((rule) => rule.keeps).map((rule) => rule.pattern);
  return {
    ignores: (path) => lastWord(rules, path),
    mayContainIncluded: (folder) => exceptions.some((pattern) => couldMatchBelow(pattern, folder)),
  };
}

/** Patterns of the same grammar that say what is wanted rather than what is not. */
export interface PathPatterns {
  /** A path below a folder that matches does, too. */
  matches(path: string): boolean;
  /** False only when nothing below the folder can match, so that a walk may skip it. */
  mayMatchBelow(folder: string): boolean;
}

export function pathPatterns(patterns: readonly string[]): PathPatterns {
  const rules = patterns.map(parseLine).filter((rule) => rule !== undefined);
  return {
    matches: (path) => lastWord(rules, path),
    mayMatchBelow: (folder) => rules.some(({ pattern, keeps }) => !keeps && couldMatchBelow(pattern, folder)),
  };
}

export const nothingIgnored: IgnoreRules = { ignores: () => false, mayContainIncluded: () => true };

/** Later rules win over earlier ones; a rule that matches a parent folder matches the path. */
function lastWord(rules: readonly Rule[], path: string): boolean {
  const ancestry = path.split("/").map((_, depth, parts) => parts.slice(0, depth + 1).join("/"));
  let ignored = false;
  for (const rule of rules) {
    if (ignored !== rule.keeps) continue;
    if (ancestry.some((each) => rule.expression.test(each))) ignored = !rule.keeps;
  }
  return ignored;
}

function parseLine(line: string): Rule | undefined {
  if (line.startsWith("#")) return undefined;
  let pattern = line.trim();
  const keeps = pattern.startsWith("!");
  if (keeps) pattern = pattern.slice(1).trim();
  pattern = clean(pattern);
  if (pattern === "" || pattern === ".") return undefined;
  return { pattern, keeps, expression: toExpression(pattern) };
}

/** "./a//b/../c/" → "a/c"; a leading "/" means the context's root, as everything does. "../a" is in no context. */
function clean(pattern: string): string {
  return posix.normalize(pattern).replace(/^\//, "").replace(/\/$/, "");
}

function toExpression(pattern: string): RegExp {
  let source = "";
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    if (pattern.startsWith("**/", at)) {
      source += "(?:.*/)?";
      at += 2;
    } else if (pattern.startsWith("**", at)) {
      source += ".*";
      at += 1;
    } else if (char === "*") source += "[^/]*";
    else if (char === "?") source += "[^/]";
    else if (char === "[" && pattern.includes("]", at + 2)) {
      const end = pattern.indexOf("]", at + 2);
      source += characterClass(pattern.slice(at + 1, end));
      at = end;
    } else {
      if (char === "\\" && at + 1 < pattern.length) at += 1;
      source += escape(pattern.charAt(at));
    }
  }
  return new RegExp(`^${source}$`, "su");
}

function characterClass(body: string): string {
  const negated = body.startsWith("^");
  const members = (negated ? body.slice(1) : body).replaceAll(/[\\\][^&~|(){}/]/g, String.raw`\$&`);
  try {
    const source = `[${negated ? "^" : ""}${members}]`;
    return new RegExp(source, "u").source;
  } catch {
    // A range that runs backwards ("[z-a]") can match nothing.
    return "(?!)";
  }
}

function escape(char: string): string {
  return /[.*+?^${}()|[\]\\/]/.test(char) ? `\\${char}` : char;
}

/** Could "!a/b/*.txt" bring back something below `folder`? Wildcards are answered with yes. */
function couldMatchBelow(pattern: string, folder: string): boolean {
  const wanted = pattern.split("/");
  const given = folder.split("/");
  for (const [depth, part] of given.entries()) {
    const expected = wanted[depth];
    if (expected === undefined) return true;
    if (expected.includes("**")) return true;
    if (!toExpression(expected).test(part)) return false;
  }
  return true;
}
