/** Ctrl-C and SIGTERM, counted: the first asks to come to an end, the second to do so at once. */
export interface Interrupts {
  readonly first: AbortSignal;
  readonly second: AbortSignal;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export function listenForInterrupts(): Interrupts {
  const first = new AbortController();
  const second = new AbortController();
  let secondTaken = false;
  const onSignal = (): void => {
    if (!first.signal.aborted) return first.abort();
    // Whatever hangs: nobody should have to look for another way out.
    if (!secondTaken || second.signal.aborted) process.exit(130);
    second.abort();
  };
  for (const signal of signals) process.on(signal, onSignal);
  return {
    first: first.signal,
    get second() {
      secondTaken = true;
      return second.signal;
    },
  };
}
