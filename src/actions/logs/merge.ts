import type { LogLine } from "./lines.ts";

/** Some lines of one source, older than all that is still to come of the others. */
export interface Stretch<S> {
  readonly source: S;
  readonly lines: readonly LogLine[];
  /** The source has said its last line. */
  readonly last: boolean;
}

/** Lines of several sources as one stream in the order of their times; sources may join at any time. */
export interface Merge<S> extends AsyncIterable<Stretch<S>> {
  add(source: S, lines: AsyncIterable<readonly LogLine[]>): void;
  /** Nobody else will join: the stream ends with the last of its sources. */
  close(): void;
}

interface Source<S> {
  readonly id: S;
  readonly batches: AsyncIterator<readonly LogLine[]>;
  /** What it has said and nobody has taken yet: from `at` on. Empty: it is being asked for more. */
  lines: readonly LogLine[];
  at: number;
  /** When we began to wait for its next line. */
  askedAt: number;
}

/**
 * A line goes out when no other source can have an older one: each has shown its next line, or has been silent for
 * `windowMs`. What nobody takes is not read from the engine, so a slow reader slows the engine down, not the memory.
 */
export function mergeLogs<S>(windowMs: number): Merge<S> {
  const sources = new Set<Source<S>>();
  const gone: S[] = [];
  let failure: { readonly error: unknown } | undefined;
  let closed = false;
  let wake: () => void = () => {};

  const ask = (source: Source<S>): void => {
    source.lines = [];
    source.at = 0;
    source.askedAt = Date.now();
    source.batches.next().then(
      (result) => {
        if (result.done !== true && result.value.length === 0) ask(source);
        else if (result.done !== true) source.lines = result.value;
        else if (sources.delete(source)) gone.push(source.id);
        wake();
      },
      (error: unknown) => {
        failure = { error };
        wake();
      },
    );
  };
  const sleep = (milliseconds: number | undefined): Promise<void> =>
    new Promise((settle) => {
      const timer = milliseconds === undefined ? undefined : setTimeout(settle, milliseconds);
      wake = () => {
        clearTimeout(timer);
        settle();
      };
    });

  async function* run(): AsyncGenerator<Stretch<S>> {
    try {
      for (;;) {
        if (failure !== undefined) throw failure.error;
        const silent = gone.shift();
        if (silent !== undefined) {
          yield { source: silent, lines: [], last: true };
          continue;
        }
        if (closed && sources.size === 0) return;
        const { oldest, limit, waitMs } = look(sources, windowMs);
        if (oldest === undefined || waitMs > 0) {
          await sleep(oldest === undefined || waitMs === Number.POSITIVE_INFINITY ? undefined : waitMs);
          continue;
        }
        const lines = take(oldest, limit);
        if (oldest.at === oldest.lines.length) ask(oldest);
        yield { source: oldest.id, lines, last: false };
      }
    } finally {
      // Not waited for: a source that says nothing ends when its signal is aborted, which is its owner's to do.
      for (const source of sources) source.batches.return?.().catch(() => {});
    }
  }

  return {
    add(id, lines) {
      const source = { id, batches: lines[Symbol.asyncIterator](), lines: [], at: 0, askedAt: 0 };
      sources.add(source);
      ask(source);
      wake();
    },
    close() {
      closed = true;
      wake();
    },
    [Symbol.asyncIterator]: run,
  };
}

interface Look<S> {
  /** The source with the oldest line. */
  readonly oldest: Source<S> | undefined;
  /** The oldest line of the others: up to there its lines may go. */
  readonly limit: string | undefined;
  /** For how long a silent source may still come before it. */
  readonly waitMs: number;
}

function look<S>(sources: ReadonlySet<Source<S>>, windowMs: number): Look<S> {
  let oldest: Source<S> | undefined;
  let time: string | undefined;
  let limit: string | undefined;
  let askedLast: number | undefined;
  for (const source of sources) {
    const head = source.lines[source.at]?.time;
    if (head === undefined) askedLast = Math.max(askedLast ?? 0, source.askedAt);
    else if (time === undefined || head < time) {
      limit = time;
      [oldest, time] = [source, head];
    } else if (limit === undefined || head < limit) limit = head;
  }
  return { oldest, limit, waitMs: askedLast === undefined ? 0 : askedLast + windowMs - Date.now() };
}

function take<S>(source: Source<S>, limit: string | undefined): readonly LogLine[] {
  const from = source.at;
  let to = from + 1;
  if (limit === undefined) to = source.lines.length;
  else while (to < source.lines.length && (source.lines[to]?.time ?? "") <= limit) to += 1;
  source.at = to;
  return source.lines.slice(from, to);
}
