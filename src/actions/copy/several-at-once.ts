/** Work that nobody waits for at once; a failure is told to whoever comes next. */
export interface SeveralAtOnce {
  /** Resolves as soon as there is room; work for the same key is done one after the other. */
  start(key: string, work: () => Promise<void>): Promise<void>;
  /** When the work for a key, or all, is done. */
  settled(key?: string): Promise<void>;
}

export function severalAtOnce(width: number): SeveralAtOnce {
  const underWay = new Map<string, Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  const check = (): void => {
    if (failure !== undefined) throw failure.error;
  };
  return {
    async start(key, work) {
      await underWay.get(key);
      while (underWay.size >= width) await Promise.race(underWay.values());
      check();
      const running = work()
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => underWay.delete(key));
      underWay.set(key, running);
    },
    async settled(key) {
      await (key === undefined ? Promise.all(underWay.values()) : underWay.get(key));
      check();
    },
  };
}
