import { printableLine } from "../model/printable.ts";
import type { WatchEvent } from "../model/watch.ts";
import { formatMessage } from "./message.ts";

export interface Said {
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

export interface WatchFormat {
  /** Escape codes may go to standard error. */
  readonly errorColour: boolean;
  /** In front of our own lines, where containers' lines stand between them. */
  readonly prefix: string;
}

/** What a person reads of watching. */
export function formatWatch(event: WatchEvent, { errorColour, prefix }: WatchFormat): Said {
  const say = (text: string): Said => ({ stream: "stdout", text: `${prefix}${printableLine(text)}\n` });
  switch (event.kind) {
    case "enabled":
      return say("Watch enabled");
    case "disabled":
      return say("Watch disabled");
    case "synced": {
      const { written, removed, containers, service } = event;
      const paths = [...written, ...removed].sort();
      const where =
        containers.length === 1 ? `service "${service}"` : `${containers.length} containers of service "${service}"`;
      return say(`Synced ${count(written.length, removed.length)} to ${where}: ${some(paths)}`);
    }
    case "rebuilding":
      return say(`Rebuilding ${services(event.services)} after changes were detected...`);
    case "rebuilt":
      return say(`Rebuilt ${services(event.services)}`);
    case "restarted":
      return say(`Restarted ${services(event.services)}`);
    case "output":
      return { stream: event.stream, text: `${event.container} | ${event.text}\n` };
    case "executed": {
      const command = event.command.join(" ");
      if (event.exitCode === 0) return say(`Ran in ${event.container}: ${command}`);
      return failure(`${event.container}: ${command} ended with status ${event.exitCode}`);
    }
    case "failed":
      return failure(event.message);
  }
  function failure(message: string): Said {
    return { stream: "stderr", text: formatMessage({ severity: "error", message }, { colour: errorColour }) };
  }
}

function count(written: number, removed: number): string {
  const total = written + removed;
  const changes = `${total} ${total === 1 ? "change" : "changes"}`;
  return removed === 0 ? changes : `${changes} (${removed} removed)`;
}

/** So many by name, then how many more. */
const named = 3;

function some(paths: readonly string[]): string {
  const rest = paths.length - named;
  return rest > 0 ? `${paths.slice(0, named).join(", ")} and ${rest} more` : paths.join(", ");
}

function services(names: readonly string[]): string {
  return names.length === 1 ? `service "${names[0] ?? ""}"` : `services ${names.map((name) => `"${name}"`).join(", ")}`;
}
