/**
 * "A2" before "A10", "10" before "a" — the order in which Go's YAML writer puts the keys of a map. Letters come after
 * everything else, except right behind a digit.
 */
export function compareNatural(left: string, right: string): number {
  const a = Array.from(left);
  const b = Array.from(right);
  const end = Math.min(a.length, b.length);
  let start = 0;
  while (start < end && a[start] === b[start]) start++;
  if (start === end) return a.length - b.length;
  const isLetterA = isLetter(a[start]);
  const isLetterB = isLetter(b[start]);
  if (isLetterA !== isLetterB) return isLetterA === isDigit(a[start - 1]) ? -1 : 1;
  const byCode = (a[start]?.codePointAt(0) ?? 0) - (b[start]?.codePointAt(0) ?? 0);
  if (isLetterA) return byCode;
  return compareNumbers(a, b, start) || byCode;
}

/** Compares the numbers in which the first difference lies: by value, then by how many digits they are written with. */
function compareNumbers(a: readonly string[], b: readonly string[], start: number): number {
  const digitsA = digitsFrom(a, start);
  const digitsB = digitsFrom(b, start);
  // A zero that differs is a leading zero only when no other digit stands before it.
  const prefix = a[start] === "0" || b[start] === "0" ? leadingDigit(a, start) : "";
  const valueA = BigInt(prefix + digitsA || "0");
  const valueB = BigInt(prefix + digitsB || "0");
  if (valueA !== valueB) return valueA < valueB ? -1 : 1;
  return digitsA.length - digitsB.length;
}

function digitsFrom(chars: readonly string[], start: number): string {
  let end = start;
  while (isDigit(chars[end])) end++;
  return chars.slice(start, end).join("");
}

function leadingDigit(chars: readonly string[], start: number): string {
  for (let index = start - 1; isDigit(chars[index]); index--) if (chars[index] !== "0") return "1";
  return "";
}

function isDigit(char: string | undefined): boolean {
  return char !== undefined && char >= "0" && char <= "9";
}

function isLetter(char: string | undefined): boolean {
  return char !== undefined && /\p{L}/u.test(char);
}
