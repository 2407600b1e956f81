/** Ctrl-C and SIGTERM, counted: the first asks to come to an end, the second to do so at once. */
export interface Interrupts {
  readonly first: AbortSignal;
  readonly second: AbortSignal;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

export function listenForInterrupts(): Interrupts {
  const first = new AbortController();
  const second = new AbortController();
  const onSignal = (): void => {
    // Whatever hangs then: nobody should have to look for a third way out.
    if (second.signal.aborted) process.exit(130);
    if (first.signal.aborted) second.abort();
    else first.abort();
  };
  for (const signal of signals) process.on(signal, onSignal);
  return { first: first.signal, second: second.signal };
}
