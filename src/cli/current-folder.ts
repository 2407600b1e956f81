import { UsageError } from "../model/error.ts";

/** Where the person stands; it may have been removed, or replaced by another one of its name, in the meantime. */
export function currentFolder(): string {
  try {
    return process.cwd();
  } catch {
    throw new UsageError(
      "the folder that you are in does not exist any more",
      'change into another one; where it was made anew: cd "$PWD"',
    );
  }
}
