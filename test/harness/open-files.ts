import { readdir, readlink } from "node:fs/promises";

/** What this process has open at the moment; Linux only. */
export async function openFiles(): Promise<readonly string[]> {
  const numbers = await readdir("/proc/self/fd");
  return Promise.all(numbers.map((number) => readlink(`/proc/self/fd/${number}`).catch(() => "")));
}
