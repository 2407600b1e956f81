/** Plans end up in build logs: what may be a password is part of none, wherever it stands. */
export function looksSecret(path: string): boolean {
  return new RegExp(`^(environment|labels)\\..*(${words}|key|private|auth)`, "i").test(path);
}

/** The text with stars for the passwords in it: `postgres://me:***@db/shop`, `--token=***`. */
export function withoutSecrets(text: string): string {
  return text.replaceAll(inAddress, "$1***@").replaceAll(assigned, "$1***");
}

const words = "pass(?:word|wd|phrase)?|secret|token|credential";
const inAddress = /(\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@"]*:)[^\s/@"]+@/gi;
/** `password=…`, `"password": "…"`, `--password …`, and that flag as one word of a list; a path is where one lies, not one. */
const assigned = new RegExp(
  `((?:[\\w-]*(?:${words}|api[-_]?key)[\\w-]*["']?\\s*[=:]\\s*["']?|--[\\w-]*(?:${words}|api[-_]?key)[\\w-]*(?:\\s+|","))(?!/))[^\\s"',;&]+`,
  "gi",
);
