import { engineFailure } from "./failure.ts";

/** What a stream belongs to, for the message if it breaks. */
export interface StreamOrigin {
  readonly operation: string;
  readonly resource: string;
  readonly signal?: AbortSignal | undefined;
}

/** One JSON value a line, whatever the chunks. */
export async function* jsonLines(stream: AsyncIterable<Uint8Array>, origin: StreamOrigin): AsyncGenerator {
  for await (const line of textLines(stream, origin)) yield JSON.parse(line);
}

/** Lines that are not empty; a last one without line end counts, too. */
export async function* textLines(stream: AsyncIterable<Uint8Array>, origin: StreamOrigin): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of guarded(stream, origin)) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line.trim() !== "") yield line;
  }
  if (rest.trim() !== "") yield rest;
}

/** The stream as it is, but a break in it becomes an EngineError, and an abort a CancelledError. */
export async function* guarded(stream: AsyncIterable<Uint8Array>, origin: StreamOrigin): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    throw engineFailure(error, { ...origin, method: "GET", path: "" }, "the other end");
  }
}
