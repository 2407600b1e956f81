import type { ProgressEvent } from "../model/event.ts";

/** One step as it ran. Times are milliseconds after the plan's start. */
export interface TimelineStep {
  readonly id: number;
  readonly kind: string;
  readonly resource: string;
  readonly cause: string;
  readonly start: number;
  readonly end: number;
  readonly failed: boolean;
  /** On the chain of steps that decided how long the whole took. */
  readonly critical: boolean;
}

/** Where the time went, from the events of one run. */
export function timeline(events: readonly ProgressEvent[]): TimelineStep[] {
  const started = events.find((event) => event.kind === "plan.started");
  if (started === undefined) return [];
  const ran = new Map<number, Omit<TimelineStep, "critical">>();
  for (const event of events) {
    if (event.kind === "step.started") {
      const start = event.time - started.time;
      const { stepId: id, step: kind, resource, cause } = event;
      ran.set(id, { id, kind, resource, cause, start, end: start, failed: false });
    } else if (event.kind === "step.done" || event.kind === "step.failed") {
      const step = ran.get(event.stepId);
      if (step !== undefined)
        ran.set(step.id, { ...step, end: event.time - started.time, failed: event.kind === "step.failed" });
    }
  }
  const after = new Map(started.steps.map((step) => [step.id, step.after]));
  const critical = criticalPath([...ran.values()], after);
  return [...ran.values()]
    .map((step) => ({ ...step, critical: critical.has(step.id) }))
    .toSorted((a, b) => a.start - b.start || a.id - b.id);
}

/** Back from the step that ended last: each time to the prerequisite that ended last. */
function criticalPath(
  steps: readonly Omit<TimelineStep, "critical">[],
  after: ReadonlyMap<number, readonly number[]>,
): Set<number> {
  const byId = new Map(steps.map((step) => [step.id, step]));
  const path = new Set<number>();
  let current = lastToEnd(steps);
  while (current !== undefined && !path.has(current.id)) {
    path.add(current.id);
    current = lastToEnd((after.get(current.id) ?? []).map((id) => byId.get(id)).filter((step) => step !== undefined));
  }
  return path;
}

function lastToEnd<T extends { readonly end: number }>(steps: readonly T[]): T | undefined {
  let last: T | undefined;
  for (const step of steps) if (last === undefined || step.end > last.end) last = step;
  return last;
}

/** The format that chrome://tracing, Perfetto and speedscope read. */
export function chromeTrace(steps: readonly TimelineStep[]): string {
  const rows = [...new Set(steps.map((step) => step.resource))];
  const names = rows.map((resource, row) => ({
    name: "thread_name",
    ph: "M",
    pid: 1,
    tid: row + 1,
    args: { name: resource },
  }));
  const bars = steps.map((step) => ({
    name: step.kind,
    cat: step.critical ? "critical" : "step",
    ph: "X",
    ts: Math.round(step.start * 1000),
    dur: Math.round((step.end - step.start) * 1000),
    pid: 1,
    tid: rows.indexOf(step.resource) + 1,
    args: { step: step.id, cause: step.cause, critical: step.critical, failed: step.failed },
  }));
  return `${JSON.stringify({ traceEvents: [...names, ...bars] }, undefined, 1)}\n`;
}

const layout = { label: 240, width: 760, rowHeight: 22, top: 46 } as const;

/** One row a resource, one bar a step; the critical path is drawn in a strong colour. */
export function timelineSvg(steps: readonly TimelineStep[], title: string): string {
  const rows = [...new Set(steps.map((step) => step.resource))];
  const total = Math.max(1, ...steps.map((step) => step.end));
  const scale = layout.width / total;
  const height = layout.top + rows.length * layout.rowHeight + 16;
  const bars = steps.map((step) => bar(step, rows.indexOf(step.resource), scale));
  const labels = rows.map((resource, row) => text(8, layout.top + row * layout.rowHeight + 15, resource));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${layout.label + layout.width + 24}" height="${height}" font-family="sans-serif" font-size="12">`,
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    text(8, 18, `${title}: ${seconds(total)}`, ` font-weight="bold"`),
    ...ticks(total, scale, height),
    ...labels,
    ...bars,
    "</svg>\n",
  ].join("\n");
}

function bar(step: TimelineStep, row: number, scale: number): string {
  const x = layout.label + step.start * scale;
  const y = layout.top + row * layout.rowHeight + 3;
  const width = Math.max(1.5, (step.end - step.start) * scale);
  const fill = step.failed ? "#cf222e" : step.critical ? "#d4660a" : "#8fb8de";
  const about = `#${step.id} ${step.kind} ${step.resource} (${step.cause}): ${seconds(step.end - step.start)}${step.critical ? ", on the critical path" : ""}`;
  return `<rect x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${layout.rowHeight - 6}" rx="2" fill="${fill}"><title>${escape(about)}</title></rect>`;
}

function ticks(total: number, scale: number, height: number): string[] {
  const step =
    [10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000].find((size) => total / size <= 10) ?? 300_000;
  const marks: string[] = [];
  for (let at = 0; at <= total; at += step) {
    const x = (layout.label + at * scale).toFixed(1);
    marks.push(
      `<line x1="${x}" y1="${layout.top - 12}" x2="${x}" y2="${height - 8}" stroke="#e2e2e2"/>`,
      text(Number(x) + 2, layout.top - 6, seconds(at), ` fill="#777777" font-size="10"`),
    );
  }
  return marks;
}

function text(x: number, y: number, content: string, more = ""): string {
  return `<text x="${x}" y="${y}"${more}>${escape(content)}</text>`;
}

function seconds(milliseconds: number): string {
  return milliseconds < 1000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}

function escape(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
