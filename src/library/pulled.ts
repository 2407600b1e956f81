import { CancelledError } from "../model/error.ts";

export type Push<T> = (item: T) => Promise<void>;

/**
 * Turns something that hands out items into something that is asked for them. It goes on only when an item was taken,
 * and is told to stop when nobody wants more.
 */
export async function* pulled<T>(
  produce: (push: Push<T>, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): AsyncGenerator<T> {
  const left = new AbortController();
  const queue: { readonly item: T; readonly taken: () => void }[] = [];
  let wake: () => void = () => {};
  let over = false;
  const push: Push<T> = (item) =>
    new Promise((taken) => {
      queue.push({ item, taken });
      wake();
    });
  const producing = produce(push, AbortSignal.any([signal, left.signal])).finally(() => {
    over = true;
    wake();
  });
  const onAbort = (): void => wake();
  signal.addEventListener("abort", onAbort);
  // Thrown below, once everything before it was taken.
  producing.catch(() => {});
  try {
    while (!signal.aborted) {
      const next = queue.shift();
      if (next !== undefined) {
        yield next.item;
        next.taken();
      } else if (over) break;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    if (signal.aborted) throw new CancelledError();
    await producing;
  } finally {
    signal.removeEventListener("abort", onAbort);
    left.abort();
    for (const { taken } of queue) taken();
  }
}
