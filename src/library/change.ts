import type { ChangeResult } from "../actions/context.ts";
import type { OnEvent, ProgressEvent } from "../model/event.ts";

/**
 * Something under way that changes the project: a promise of what it did, and its progress for those who iterate over
 * it. Every iteration starts with the first event; leaving one does not stop the work, aborting its signal does.
 */
export interface Change extends Promise<ChangeResult>, AsyncIterable<ProgressEvent> {}

export function startChange(work: (onEvent: OnEvent) => Promise<ChangeResult>): Change {
  const events: ProgressEvent[] = [];
  const waiting = new Set<() => void>();
  let over = false;
  const wake = (): void => {
    for (const each of waiting) each();
    waiting.clear();
  };
  const result = work((event) => {
    events.push(event);
    wake();
  }).finally(() => {
    over = true;
    wake();
  });
  async function* progress(): AsyncGenerator<ProgressEvent> {
    for (let next = 0; ;) {
      const event = events[next];
      if (event !== undefined) {
        next += 1;
        yield event;
      } else if (over) {
        await result;
        return;
      } else await new Promise<void>((resolve) => waiting.add(resolve));
    }
  }
  return Object.assign(result, {
    [Symbol.asyncIterator]() {
      // Who iterates hears of a failure there; the promise itself need not be awaited, too.
      result.catch(() => {});
      return progress();
    },
  });
}

/** Work that has to come to its end before the engine is let go of: it may have something to clean up. */
export type UnderWay = Set<Promise<unknown>>;

export function tracked<P extends Promise<unknown>>(work: P, underWay: UnderWay): P {
  underWay.add(work);
  const forget = (): void => void underWay.delete(work);
  work.then(forget, forget);
  return work;
}
