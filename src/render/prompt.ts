import type { Readable } from "node:stream";

import { printable } from "../model/printable.ts";
import type { RendererOptions } from "./renderer.ts";

/**
 * Yes or no from the person at the terminal, or from the next line of `answers` where nobody sits there; no for anything
 * but a clear yes.
 */
export async function ask(
  asked: string,
  { isInteractive, stream }: RendererOptions,
  answers: Readable | undefined,
): Promise<boolean> {
  const question = printable(asked);
  if (!isInteractive()) {
    stream.write(`${question} `);
    const line = answers === undefined ? undefined : await nextLine(answers);
    const agreed = line !== undefined && isYes(line);
    stream.write(agreed ? "yes\n" : line === undefined ? "no: nobody is there to answer\n" : "no\n");
    return agreed;
  }
  const { createInterface } = await import("node:readline");
  const lines = createInterface({ input: process.stdin, output: stream });
  try {
    const answer = await new Promise<string>((settle) => {
      lines.once("close", () => settle(""));
      // Ctrl-C is not an answer: it is for the whole program, which in raw mode would not hear of it.
      lines.once("SIGINT", () => process.kill(process.pid, "SIGINT"));
      lines.question(`${question} [y/N] `, settle);
    });
    return isYes(answer);
  } finally {
    lines.close();
  }
}

function isYes(answer: string): boolean {
  return /^(y|yes|true|1)$/i.test(answer.trim());
}

/** More is an answer to no question of ours. */
const longestAnswer = 4096;

/** What comes behind the line stays for the next question. undefined: the end, without an answer. */
async function nextLine(input: Readable): Promise<string | undefined> {
  let read = Buffer.alloc(0);
  // Without this a loop over the stream would end it.
  const chunks = input.iterator({ destroyOnReturn: false });
  for await (const chunk of chunks) {
    read = Buffer.concat([read, Buffer.from(chunk as Uint8Array | string)]);
    const end = read.indexOf("\n");
    if (end < 0 && read.length <= longestAnswer) continue;
    if (end < 0) return "";
    if (end + 1 < read.length) input.unshift(read.subarray(end + 1));
    return read.toString("utf8", 0, end);
  }
  return read.length === 0 ? undefined : read.toString();
}
