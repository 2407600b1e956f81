import type { SessionIo } from "../actions/stream-session.ts";
import type { LogChunk } from "../engine/engine.ts";

/** How a command ended, and what it wrote. */
export interface CommandResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CommandInput {
  /** What the command reads; absent: nothing. */
  readonly input?: string | Uint8Array | AsyncIterable<Uint8Array> | undefined;
  /** Bytes as they come; a promise when the reader is slow. They are collected all the same. */
  readonly onOutput?: ((chunk: LogChunk) => Promise<void> | undefined) | undefined;
}

/** Runs a command with pipes instead of a terminal. */
export async function captured(
  { input, onOutput }: CommandInput,
  run: (io: SessionIo) => Promise<number>,
): Promise<CommandResult> {
  const written = { stdout: textCollector(), stderr: textCollector() };
  const exitCode = await run({
    ...(input !== undefined && { input: chunks(input) }),
    write(chunk) {
      written[chunk.stream].add(chunk.bytes);
      return onOutput?.(chunk);
    },
  });
  return { exitCode, stdout: written.stdout.end(), stderr: written.stderr.end() };
}

/** A character may be cut in two by where a piece ends. */
function textCollector(): { readonly add: (bytes: Uint8Array) => void; readonly end: () => string } {
  const decoder = new TextDecoder();
  let text = "";
  return {
    add: (bytes) => void (text += decoder.decode(bytes, { stream: true })),
    end: () => text + decoder.decode(),
  };
}

async function* chunks(input: NonNullable<CommandInput["input"]>): AsyncGenerator<Uint8Array> {
  if (typeof input === "string") yield Buffer.from(input);
  else if (input instanceof Uint8Array) yield input;
  else yield* input;
}
