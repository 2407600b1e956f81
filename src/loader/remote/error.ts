interface Answer {
  readonly status?: number;
  readonly transient?: boolean;
}

/** A remote file could not be brought; the loader turns it into a diagnostic at the place that names the file. */
export class RemoteError extends Error {
  override readonly name: string = "RemoteError";
  readonly hint: string | undefined;
  /** What a registry answered with; 0: nothing. */
  readonly status: number;
  /** The same may work in a moment. */
  readonly transient: boolean;
  constructor(message: string, hint?: string, { status = 0, transient = false }: Answer = {}) {
    super(message);
    this.hint = hint;
    this.status = status;
    this.transient = transient;
  }
}

/** Credentials that somebody wrote into an address must not reach a terminal or a log. */
export function withoutCredentials(address: string): string {
  return address.replace(/^([a-z+]+:\/\/)[^/@]*@/i, "$1");
}
