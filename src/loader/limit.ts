import type { Diagnostic, Report } from "../model/diagnostic.ts";

/** Nobody reads more, and in a file that is no compose file at all every line can be a mistake. */
const mostShown = 100;

/** Keeps the first hundred errors and the first hundred warnings. */
export function limited(kept: Diagnostic[]): Report {
  const count = { error: 0, warning: 0 };
  return (diagnostic) => {
    const { severity } = diagnostic;
    count[severity]++;
    if (count[severity] <= mostShown) kept.push(diagnostic);
    else if (count[severity] === mostShown + 1)
      kept.push({ severity, code: "and-more", message: `more ${severity}s are not shown` });
  };
}
