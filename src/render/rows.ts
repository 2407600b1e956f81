import type { ProgressEvent } from "../model/event.ts";
import { printableLine } from "../model/printable.ts";

/** What a person sees of one resource while a plan runs; several steps may be about it. */
export interface Row {
  /** "Container web-1" */
  readonly title: string;
  readonly state: "waiting" | "running" | "done" | "failed" | "skipped";
  /** "Starting", "Healthy". */
  readonly status: string;
  /** What it is doing just now: "12.3 of 40.0 MB", "health check 3: connection refused". */
  readonly detail: string;
  /** Milliseconds since the epoch; absent: has not begun. */
  readonly startedAt?: number | undefined;
  readonly endedAt?: number | undefined;
  /** Steps that are still to come. */
  readonly open: ReadonlySet<number>;
}

/** The rows of one plan, by resource, in the order of its steps. */
export type Rows = ReadonlyMap<string, Row>;

/** What the rows are after an event; rows that it does not touch stay the same objects. */
export function nextRows(rows: Rows, event: ProgressEvent): Rows {
  switch (event.kind) {
    case "plan.started":
      return planned(event.steps);
    case "step.started":
      return change(rows, event.resource, (row) => ({
        ...row,
        state: "running",
        status: event.status,
        detail: "",
        startedAt: row.startedAt ?? event.time,
      }));
    case "step.progress":
      return change(rows, event.resource, (row) => ({ ...row, detail: lastLine(event.text) }));
    case "step.done":
      return change(rows, event.resource, (row) => settle(row, event, { state: "done", status: event.status }));
    case "step.failed":
      return change(rows, event.resource, (row) => settle(row, event, { state: "failed", status: "Error" }));
    case "step.skipped":
      return change(rows, event.resource, (row) =>
        settle(
          row,
          event,
          row.state === "failed"
            ? row
            : { state: "skipped", status: `Skipped: ${printableLine(event.because)} failed` },
        ),
      );
    case "resource.unchanged":
    case "notice":
    case "plan.finished":
      return rows;
  }
}

/** "Container web-1" of "container web-1". */
export function titleOf(resource: string): string {
  return printableLine(resource.charAt(0).toUpperCase() + resource.slice(1));
}

function planned(steps: readonly { readonly id: number; readonly resource: string }[]): Rows {
  const rows = new Map<string, Row>();
  for (const { id, resource } of steps) {
    const open = new Set([...(rows.get(resource)?.open ?? []), id]);
    rows.set(resource, { title: titleOf(resource), state: "waiting", status: "", detail: "", open });
  }
  return rows;
}

function change(rows: Rows, resource: string, to: (row: Row) => Row): Rows {
  const row = rows.get(resource);
  return row === undefined ? rows : new Map(rows).set(resource, to(row));
}

function settle(
  row: Row,
  { stepId, time }: { readonly stepId: number; readonly time: number },
  outcome: Pick<Row, "state" | "status">,
): Row {
  const open = new Set([...row.open].filter((id) => id !== stepId));
  const { state, status } = row.state === "failed" ? row : outcome;
  if (state === "done" && open.size > 0) return { ...row, open, state: "running", status, detail: "" };
  return { ...row, open, state, status, detail: "", endedAt: time };
}

/** One line of what may be many, without what would move the cursor. */
function lastLine(text: string): string {
  const lines = text.split(/[\r\n]+/).filter((line) => line.trim() !== "");
  return printableLine(lines.at(-1) ?? "").trim();
}
