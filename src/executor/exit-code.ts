const meanings: ReadonlyMap<number, string> = new Map([
  [125, "which usually means that the engine could not start it"],
  [126, "which usually means that the command is not executable"],
  [127, "which usually means that the command was not found in the image"],
  [134, "which usually means that it aborted itself (SIGABRT)"],
  [137, "which usually means that it was killed (SIGKILL), after a stop took too long or by hand"],
  [139, "which usually means that it crashed (segmentation fault)"],
  [143, "which usually means that it was asked to stop (SIGTERM)"],
]);

/** What an exit code usually says, for people who do not know them by heart; undefined: only the program knows. */
export function exitCodeMeaning(code: number, outOfMemory: boolean): string | undefined {
  if (outOfMemory) return "because it used more memory than it may (raise mem_limit, or use less)";
  return meanings.get(code);
}
