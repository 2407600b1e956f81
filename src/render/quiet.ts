import { formatMessage } from "./message.ts";
import { ask } from "./prompt.ts";
import type { Renderer, RendererOptions } from "./renderer.ts";

/** Warnings and questions only. */
export function quietRenderer(options: RendererOptions): Renderer {
  return {
    onEvent: (event) => {
      if (event.kind === "notice" && event.severity === "warning") options.stream.write(formatMessage(event, options));
    },
    ask: (question, answers) => ask(question, options, answers),
    close: async () => {},
  };
}
