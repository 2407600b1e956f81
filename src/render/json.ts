import type { Renderer, RendererOptions } from "./renderer.ts";

/** One JSON object a line, for programs. */
export function jsonRenderer({ write }: RendererOptions): Renderer {
  return {
    onEvent: (event) => write(`${JSON.stringify(event)}\n`),
    ask: async () => false,
    close: async () => {},
  };
}
