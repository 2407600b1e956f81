import type { OnWatch } from "../model/watch.ts";
import { formatWatch } from "../render/watch.ts";
import { write } from "./output.ts";
import type { Session } from "./session.ts";

/** What happens while files are watched, to where it belongs; `prefix` sets it apart from containers' lines. */
export function watchWriter(session: Session, prefix: string): OnWatch {
  const { errorColour, progress } = session.terminal;
  return (event) => {
    // Beside the progress of the rest, which then is JSON on standard error, too.
    if (progress === "json") return write("stderr", `${JSON.stringify(event)}\n`);
    const { stream, text } = formatWatch(event, { errorColour, prefix });
    write(stream, text);
  };
}
