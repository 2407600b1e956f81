/** Whether a service argument is a pattern rather than a name. */
export function isGlob(text: string): boolean {
  return /[*?[]/.test(text);
}

/** A pattern is read once and matched against many names. Absent: a bracket is not closed or a range is reversed. */
export function compileGlob(pattern: string): ((name: string) => boolean) | undefined {
  const tokens = tokenize(pattern);
  return tokens && ((name) => matches(tokens, Array.from(name)));
}

type Token = "*" | ((char: string) => boolean);

function tokenize(pattern: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  const part = /\*+|\?|\[(\^?)((?:\\.|[^\]\\])+)\]|\\(.)|([^[\\])/suy;
  while (part.lastIndex < pattern.length) {
    const match = part.exec(pattern);
    if (match === null) return undefined;
    const [text, negated, members, escaped, literal] = match;
    const wanted = escaped ?? literal;
    if (members !== undefined) {
      const ranges = readRanges(members);
      if (ranges === undefined) return undefined;
      tokens.push((char) => ranges.some(([from, to]) => from <= char && char <= to) === (negated === ""));
    } else if (wanted !== undefined) tokens.push((char) => char === wanted);
    else tokens.push(text === "?" ? () => true : "*");
  }
  return tokens;
}

function readRanges(members: string): readonly (readonly [string, string])[] | undefined {
  const ranges: (readonly [string, string])[] = [];
  for (const [, escapedFrom, from = escapedFrom, escapedTo, to = escapedTo] of members.matchAll(
    /(?:\\(.)|(.))(?:-(?:\\(.)|(.)))?/gsu,
  )) {
    if (from === undefined || (to !== undefined && to < from)) return undefined;
    ranges.push([from, to ?? from]);
  }
  return ranges;
}

/** Only the last "*" is ever reconsidered, so the time is at most pattern × name. */
function matches(tokens: readonly Token[], name: readonly string[]): boolean {
  let token = 0;
  let position = 0;
  let star: { readonly token: number; position: number } | undefined;
  while (position < name.length) {
    const current = tokens[token];
    if (current === "*") {
      star = { token, position };
      token++;
    } else if (current?.(name[position] ?? "") === true) {
      token++;
      position++;
    } else if (star === undefined) return false;
    else {
      star.position++;
      position = star.position;
      token = star.token + 1;
    }
  }
  return tokens.slice(token).every((rest) => rest === "*");
}
