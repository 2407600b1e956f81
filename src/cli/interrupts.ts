/** Ctrl-C and SIGTERM, counted: the first asks to come to an end, the second to do so at once. */
export interface Interrupts {
  readonly first: AbortSignal;
  readonly second: AbortSignal;
  /** From now on signals are not for us, but for somebody else; gives back how to have them back. */
  readonly passTo: (listener: (name: string) => void) => () => void;
}

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
/**
 * Those that mean something to other programs only. Not the size of the window: a program without a terminal takes
 * that for something else. Not what the shell's job control needs.
 */
const foreign = ["SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGALRM"] as const;

export function listenForInterrupts(): Interrupts {
  const first = new AbortController();
  const second = new AbortController();
  let secondTaken = false;
  let passed: ((name: string) => void) | undefined;
  const onSignal = (name: string): void => {
    if (passed !== undefined) return passed(name);
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
    passTo(listener) {
      passed = listener;
      for (const signal of foreign) process.on(signal, listener);
      return () => {
        passed = undefined;
        for (const signal of foreign) process.off(signal, listener);
      };
    },
  };
}
