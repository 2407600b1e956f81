import type { CopyEvent } from "../actions/cp.ts";
import type { Session } from "./session.ts";

/** Says on standard error what is copied, in docker compose's words. */
export function copyProgress(session: Session, dryRun: boolean): (event: CopyEvent) => void {
  const { progress } = session.terminal;
  const prefix = dryRun ? "DRY-RUN MODE - " : "";
  return ({ container, source, destination, state }) => {
    if (progress === "quiet") return;
    const text = `copy ${source} to ${destination}`;
    const status = state === "copying" ? "Copying" : "Copied";
    if (progress === "json") session.say(`${JSON.stringify({ id: container, text, status })}\n`);
    else if (progress === "plain" || status === "Copied") session.say(`${prefix} ${container} ${text} ${status}\n`);
  };
}
