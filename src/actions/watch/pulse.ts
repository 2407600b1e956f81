/** Many hints, one wake-up: when nothing was heard for a moment, or when it has been going on for long enough. */
export interface Pulse {
  beat(): void;
  /** Resolves when it is time to look; false: it is over. */
  next(signal: AbortSignal): Promise<boolean>;
}

/** An editor's save, a formatter after it, a checkout: what belongs together comes within this. */
const quietMs = 150;
/** A file that something writes to all the time must not keep the others waiting. */
const patienceMs = 2000;

export function pulse(): Pulse {
  let first: number | undefined;
  let last = 0;
  let wake: () => void = () => {};
  return {
    beat() {
      last = Date.now();
      first ??= last;
      wake();
    },
    async next(signal) {
      for (;;) {
        if (signal.aborted) return false;
        const now = Date.now();
        const due = first === undefined ? Infinity : Math.min(last + quietMs, first + patienceMs);
        if (due <= now) break;
        await sleepUntil(due - now, signal, (wakeUp) => {
          // While a time is set, later beats only move it.
          wake = first === undefined ? wakeUp : () => {};
        });
      }
      first = undefined;
      return true;
    },
  };
}

function sleepUntil(ms: number, signal: AbortSignal, onSleep: (wakeUp: () => void) => void): Promise<void> {
  return new Promise((settle) => {
    const timer = Number.isFinite(ms) ? setTimeout(() => wakeUp(), ms) : undefined;
    const wakeUp = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", wakeUp);
      settle();
    };
    signal.addEventListener("abort", wakeUp, { once: true });
    onSleep(wakeUp);
  });
}
