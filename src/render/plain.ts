import type { ProgressEvent } from "../model/event.ts";
import { formatMessage } from "./message.ts";
import type { Renderer, RendererOptions } from "./renderer.ts";

/** One line an event, as docker compose writes them into a pipe: ` Container demo-db-1  Created`. */
export function plainRenderer(options: RendererOptions): Renderer {
  return {
    onEvent: (event) => {
      const line = plainLine(event, options.colour);
      if (line !== undefined) options.write(line);
    },
    ask: async () => false,
    close: async () => {},
  };
}

export function plainLine(event: ProgressEvent, colour: boolean): string | undefined {
  switch (event.kind) {
    case "step.started":
    case "step.done":
      return row(event.resource, event.status);
    case "step.progress":
      return row(event.resource, event.text);
    case "step.failed":
      return row(event.resource, `Error ${event.message}`);
    case "step.skipped":
      return row(event.resource, `Skipped: ${event.because} failed`);
    case "resource.unchanged":
      return row(event.resource, event.status);
    case "notice":
      return formatMessage(event, { colour });
    case "plan.started":
    case "plan.finished":
      return undefined;
  }
}

function row(resource: string, status: string): string {
  return ` ${resource.charAt(0).toUpperCase()}${resource.slice(1)}  ${status}\n`;
}
