export interface Exit {
  readonly code: number;
  /** The engine will start it again. */
  readonly restarting: boolean;
}

/** Which containers ended, and who waits to say so: the notice comes behind the container's last line. */
interface ExitBook {
  add(id: string, exit: Exit): void;
  /** It is gone, and no exit will be told. */
  forget(id: string): void;
  /** Resolves when the next exit of the container is known, or will never be. */
  of(id: string): Promise<void>;
  take(id: string): Exit | undefined;
  close(): void;
}

export function exitBook(): ExitBook {
  const exits = new Map<string, Exit[]>();
  const waiting = new Map<string, () => void>();
  let closed = false;
  const forget = (id: string): void => {
    waiting.get(id)?.();
    waiting.delete(id);
  };
  return {
    forget,
    add(id, exit) {
      exits.set(id, [...(exits.get(id) ?? []), exit]);
      forget(id);
    },
    async of(id) {
      if (closed || (exits.get(id)?.length ?? 0) > 0) return;
      await new Promise<void>((settle) => waiting.set(id, settle));
    },
    take: (id) => exits.get(id)?.shift(),
    close() {
      closed = true;
      for (const id of waiting.keys()) forget(id);
    },
  };
}
