import type { PlanError, StepFailure } from "../model/error.ts";
import { printable, printableLine } from "../model/printable.ts";
import { palette } from "./colour.ts";
import { placeText } from "./diagnostic.ts";
import { formatMessage } from "./message.ts";

/** What did not work, each with what is known of it, and what was not tried because of it. */
export function formatFailure(error: PlanError, options: FailureOptions): string {
  const failed = error.failures.map(({ resource, error: cause, details, written }) => {
    const hint = "hint" in cause && typeof cause.hint === "string" ? cause.hint : undefined;
    // "container web-1 is unhealthy" says already what it is about.
    const message = cause.message.startsWith(resource) ? cause.message : `${resource}: ${cause.message}`;
    const head = formatMessage(
      { severity: "error", message, hint, place: written && placeOf(written, options) },
      options,
    );
    return [head, ...details.map((line) => `  ${printable(line)}\n`)].join("");
  });
  return [...failed, notTried(error)].filter((block) => block !== "").join("\n");
}

interface FailureOptions {
  readonly colour: boolean;
  /** Where the person stands: files are named from here. */
  readonly cwd: string;
}

function placeOf({ path, origin }: NonNullable<StepFailure["written"]>, { colour, cwd }: FailureOptions): string {
  return `${placeText(origin, cwd)}  ${palette(colour).dim(printableLine(path))}`;
}

/** Grouped by what failed: of fifty services that need a database the database is the news. */
function notTried({ skipped }: PlanError): string {
  const causes = new Map<string, Set<string>>();
  for (const { resource, because } of skipped) causes.set(because, (causes.get(because) ?? new Set()).add(resource));
  const lines = [...causes].map(
    ([because, blocked]) => `  because of ${printableLine(`${because}: ${[...blocked].join(", ")}`)}\n`,
  );
  return lines.length === 0 ? "" : `not tried\n${lines.join("")}`;
}
