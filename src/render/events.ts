import { printableLine } from "../model/printable.ts";
import { goJson } from "./go-json.ts";

export interface ShownEvent {
  readonly action: string;
  readonly id: string;
  readonly service: string;
  readonly timeNano: bigint;
  readonly attributes: ReadonlyMap<string, string>;
}

/** `2026-11-21 02:52:07.556001 container die <id> (exitCode=137, image=busybox)` */
export function formatEvent({ action, id, timeNano, attributes }: ShownEvent): string {
  const date = new Date(Number(timeNano / 1_000_000n));
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString();
  const micros = String((timeNano / 1000n) % 1_000_000n).padStart(6, "0");
  const details = [...attributes].map(([key, value]) => printableLine(`${key}=${value}`)).join(", ");
  return `${local.slice(0, 10)} ${local.slice(11, 19)}.${micros} container ${action} ${id} (${details})\n`;
}

export function formatEventJson({ action, id, service, timeNano, attributes }: ShownEvent): string {
  const seconds = new Date(Number(timeNano / 1_000_000_000n) * 1000).toISOString().slice(0, 19);
  const fraction = String(timeNano % 1_000_000_000n)
    .padStart(9, "0")
    .replace(/0+$/, "");
  const time = `${seconds}${fraction === "" ? "" : `.${fraction}`}Z`;
  return `${goJson({ action, attributes: Object.fromEntries(attributes), id, service, time, type: "container" })}\n`;
}
