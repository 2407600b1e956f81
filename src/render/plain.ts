import type { ProgressEvent } from "../model/event.ts";
import { printable } from "../model/printable.ts";
import { formatMessage } from "./message.ts";
import { ask } from "./prompt.ts";
import type { Renderer, RendererOptions } from "./renderer.ts";
import { titleOf } from "./rows.ts";

/** One line an event, as docker compose writes them into a pipe: ` Container demo-db-1  Created`. */
export function plainRenderer(options: RendererOptions): Renderer {
  const format = plainFormatter(options.colour);
  return {
    onEvent: (event) => {
      const text = format(event);
      if (text !== "") options.stream.write(text);
    },
    ask: (question, answers) => ask(question, options, answers),
    close: async () => {},
  };
}

/** How far a pull has come is said so often at most; what a build prints is printed. */
const amountsEveryMs = 2000;

export function plainFormatter(colour: boolean): (event: ProgressEvent) => string {
  const saidAt = new Map<string, number>();
  /** Further steps of what was left out, or has failed, are no news. */
  const over = new Set<string>();
  return (event) => {
    switch (event.kind) {
      case "step.started":
        saidAt.set(event.resource, event.time);
        return line(event.resource, event.status);
      case "step.done":
      case "resource.unchanged":
        return line(event.resource, event.status);
      case "step.progress": {
        const due = event.time - (saidAt.get(event.resource) ?? 0) >= amountsEveryMs;
        if (event.current !== undefined && !due) return "";
        saidAt.set(event.resource, event.time);
        return event.text
          .split("\n")
          .map((text) => line(event.resource, text))
          .join("");
      }
      case "step.failed":
        over.add(event.resource);
        return line(event.resource, `Error ${event.message}`);
      case "step.skipped":
        if (over.has(event.resource)) return "";
        over.add(event.resource);
        return line(event.resource, `Skipped: ${event.because} failed`);
      case "notice":
        return formatMessage(event, { colour });
      case "plan.started":
        over.clear();
        return "";
      case "plan.finished":
        return "";
    }
  };
}

function line(resource: string, status: string): string {
  return ` ${titleOf(resource)}  ${printable(status)}\n`;
}
