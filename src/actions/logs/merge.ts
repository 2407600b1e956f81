import type { LogLine } from "./lines.ts";

export interface SourcedLine<S> extends LogLine {
  readonly source: S;
}

/** Lines of several sources as one stream in the order of their times; sources may join at any time. */
export interface Merge<S> extends AsyncIterable<SourcedLine<S>> {
  add(source: S, lines: AsyncIterable<LogLine>): void;
  /** Nobody else will join: the stream ends with the last of its sources. */
  close(): void;
  /** Called when a source has said its last line, after that line was taken. */
  readonly ended: (listener: (source: S) => void) => void;
}

interface Source<S> {
  readonly id: S;
  readonly lines: AsyncIterator<LogLine>;
  head: LogLine | undefined;
  /** When we began to wait for its next line. */
  askedAt: number;
}

/**
 * A line goes out when no other source can have an older one: each has shown its next line, or has been silent for
 * `windowMs`. What nobody takes is not read from the engine, so a slow reader slows the engine down, not the memory.
 */
export function mergeLogs<S>(windowMs: number): Merge<S> {
  const sources = new Set<Source<S>>();
  const listeners: ((source: S) => void)[] = [];
  let failure: { readonly error: unknown } | undefined;
  let closed = false;
  let wake: () => void = () => {};

  const ask = (source: Source<S>): void => {
    source.head = undefined;
    source.askedAt = Date.now();
    source.lines.next().then(
      (result) => {
        if (result.done === true) leave(source);
        else source.head = result.value;
        wake();
      },
      (error: unknown) => {
        failure = { error };
        wake();
      },
    );
  };
  const leave = (source: Source<S>): void => {
    sources.delete(source);
    for (const listener of listeners) listener(source.id);
  };
  const sleep = (milliseconds: number | undefined): Promise<void> =>
    new Promise((settle) => {
      const timer = milliseconds === undefined ? undefined : setTimeout(settle, milliseconds);
      wake = () => {
        clearTimeout(timer);
        settle();
      };
    });

  async function* run(): AsyncGenerator<SourcedLine<S>> {
    try {
      for (;;) {
        if (closed && sources.size === 0) return;
        if (failure !== undefined) throw failure.error;
        const { oldest, waitMs } = look(sources, windowMs);
        if (oldest?.head === undefined || waitMs > 0) {
          await sleep(oldest === undefined ? undefined : waitMs);
          continue;
        }
        const line = { ...oldest.head, source: oldest.id };
        ask(oldest);
        yield line;
      }
    } finally {
      // Not waited for: a source that says nothing ends when its signal is aborted, which is its owner's to do.
      for (const source of sources) source.lines.return?.().catch(() => {});
    }
  }

  return {
    add(id, lines) {
      const source: Source<S> = { id, lines: lines[Symbol.asyncIterator](), head: undefined, askedAt: 0 };
      sources.add(source);
      ask(source);
      wake();
    },
    close() {
      closed = true;
      wake();
    },
    ended: (listener) => void listeners.push(listener),
    [Symbol.asyncIterator]: run,
  };
}

/** The source with the oldest line, and for how long a silent one may still come before it. */
function look<S>(sources: ReadonlySet<Source<S>>, windowMs: number): { oldest: Source<S> | undefined; waitMs: number } {
  let oldest: Source<S> | undefined;
  let askedLast: number | undefined;
  for (const source of sources) {
    if (source.head === undefined) askedLast = Math.max(askedLast ?? 0, source.askedAt);
    else if (oldest?.head === undefined || source.head.time < oldest.head.time) oldest = source;
  }
  return { oldest, waitMs: askedLast === undefined ? 0 : askedLast + windowMs - Date.now() };
}
