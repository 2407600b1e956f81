/** Lower-case letters, digits, "-" and "_", starting with a letter or a digit. */
export function isProjectName(text: string): boolean {
  return /^[a-z0-9][a-z0-9_-]*$/.test(text);
}

/** The nearest project name to what a directory or the top-level `name` says; empty when nothing of it is usable. */
export function normaliseProjectName(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9_-]/g, "")
    .replace(/^[_-]+/, "");
}
