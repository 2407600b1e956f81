import { formatMessage } from "./message.ts";
import type { Renderer, RendererOptions } from "./renderer.ts";

/** Warnings only. */
export function quietRenderer({ write, colour }: RendererOptions): Renderer {
  return {
    onEvent: (event) => {
      if (event.kind === "notice" && event.severity === "warning") write(formatMessage(event, { colour }));
    },
    ask: async () => false,
    close: async () => {},
  };
}
