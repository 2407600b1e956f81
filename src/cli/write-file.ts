import { writeFile } from "node:fs/promises";

/** A file that a flag names; what is wrong with it is told in words. */
export async function writeNamedFile(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    const { explainLocal } = await import("../actions/copy/local.ts");
    throw explainLocal(error, path);
  }
}
