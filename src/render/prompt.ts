import { printableLine } from "../model/printable.ts";
import type { RendererOptions } from "./renderer.ts";

/** Yes or no from the person at the terminal; no where nobody is there, and for anything but a clear yes. */
export async function ask(asked: string, { isInteractive, stream }: RendererOptions): Promise<boolean> {
  const question = printableLine(asked);
  if (!isInteractive()) {
    stream.write(`${question} no: nobody is there to answer\n`);
    return false;
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
    return /^(y|yes)$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
