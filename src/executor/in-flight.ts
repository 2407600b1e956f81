/** How long an engine is given to answer what works at once, after nobody wants the answer any more. */
const patienceMs = 10_000;

/** Aborted when the other signal is, and the engine has had its time. */
export interface Patience extends Disposable {
  readonly signal: AbortSignal;
}

/**
 * For calls that must not be hung up on: the engine goes on with what it was asked for, and whoever comes next, be it our
 * own stop or the next one to have the lock, would look while a container is still being made or started.
 */
export function patience(signal: AbortSignal): Patience {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const begin = (): void => void (timer = setTimeout(() => over.abort(), patienceMs));
  signal.addEventListener("abort", begin, { once: true });
  return {
    signal: over.signal,
    [Symbol.dispose]() {
      signal.removeEventListener("abort", begin);
      clearTimeout(timer);
    },
  };
}
