import type { Session } from "./session.ts";

/** Something that is done with one container, in docker compose's words. */
export interface TaskState {
  readonly container: string;
  /** "copy a to b" */
  readonly text: string;
  /** "Copying", "Copied" */
  readonly status: string;
}

/** Says it on standard error. */
export function taskProgress(session: Session, { dryRun }: { readonly dryRun: boolean }): (state: TaskState) => void {
  const { progress } = session.terminal;
  const prefix = dryRun ? "DRY-RUN MODE - " : "";
  return ({ container, text, status }) => {
    if (progress === "quiet") return;
    if (progress === "json") session.say(`${JSON.stringify({ id: container, text, status })}\n`);
    else session.say(`${prefix} ${container} ${text} ${status}\n`);
  };
}
