/** What every grammar here returns; none of them throws. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | Unparsed;

/** Why a text could not be read. `offset` and `length` say where inside the text the problem sits; absent: all of it. */
export interface Unparsed {
  readonly ok: false;
  readonly message: string;
  readonly hint?: string;
  readonly offset?: number;
  readonly length?: number;
}

export function parsed<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function unparsed(message: string, details: Omit<Unparsed, "ok" | "message"> = {}): Unparsed {
  return { ok: false, message, ...details };
}
