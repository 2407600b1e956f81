import type { ObservedContainer } from "../model/observed.ts";
import { formatTable } from "./table.ts";

export interface ContainerProcesses {
  readonly container: ObservedContainer;
  readonly titles: readonly string[];
  readonly processes: readonly (readonly string[])[];
}

/** All processes in one table; the command, which may be long, comes last. Nothing runs: nothing at all. */
export function processTable(containers: readonly ContainerProcesses[]): string {
  const titles = [...new Set(containers.flatMap((each) => each.titles))].filter((title) => title !== "CMD");
  const rows = containers.flatMap(({ container, titles: own, processes }) =>
    processes.map((process) => {
      const cell = (title: string): string => process[own.indexOf(title)] ?? "-";
      const number = container.number === undefined ? "run" : String(container.number);
      return [container.service, number, ...titles.map(cell), cell("CMD")];
    }),
  );
  if (rows.length === 0) return "";
  return formatTable([["SERVICE", "#", ...titles, "CMD"], ...rows], { minWidth: 4, gap: 2 });
}
