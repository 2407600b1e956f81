import type { ProgressEvent } from "../model/event.ts";
import type { Renderer, RendererOptions } from "./renderer.ts";
import { titleOf } from "./rows.ts";

/** One JSON object a line, for programs: our events, and docker compose's `id` and `status` on top. */
export function jsonRenderer({ stream }: RendererOptions): Renderer {
  return {
    onEvent: (event) => void stream.write(jsonLine(event)),
    ask: async () => false,
    close: async () => {},
  };
}

export function jsonLine(event: ProgressEvent): string {
  const resource = "resource" in event ? { id: titleOf(event.resource), status: statusOf(event) } : {};
  return `${JSON.stringify({ ...resource, ...event })}\n`;
}

function statusOf(event: Extract<ProgressEvent, { readonly resource: string }>): string {
  switch (event.kind) {
    case "step.started":
    case "step.done":
    case "resource.unchanged":
      return event.status;
    case "step.progress":
      return "Working";
    case "step.failed":
      return "Error";
    case "step.skipped":
      return "Skipped";
  }
}
