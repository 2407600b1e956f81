/** A remote file could not be brought; the loader turns it into a diagnostic at the place that names the file. */
export class RemoteError extends Error {
  override readonly name: string = "RemoteError";
  readonly hint: string | undefined;
  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** Credentials that somebody wrote into an address must not reach a terminal or a log. */
export function withoutCredentials(address: string): string {
  return address.replace(/^([a-z+]+:\/\/)[^/@]*@/i, "$1");
}
