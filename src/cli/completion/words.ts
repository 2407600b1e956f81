/** Bash breaks words at "=" and ":" as well; what belongs together is put together again. */
export function bashWords(words: readonly string[]): readonly string[] {
  const whole: string[] = [];
  let open = false;
  for (const word of words) {
    const breaks = /^[=:]+$/.test(word);
    const last = whole.length - 1;
    if (last >= 0 && (breaks || open)) whole[last] = `${whole[last] ?? ""}${word}`;
    else whole.push(word);
    open = breaks;
  }
  return whole;
}

/** Bash replaces only what stands behind the last of its breaks. */
export function bashReply(value: string, current: string): string {
  return value.slice(Math.max(current.lastIndexOf("="), current.lastIndexOf(":")) + 1);
}
