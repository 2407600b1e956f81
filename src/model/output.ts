/** A container as the one who wrote a line. */
export interface OutputSource {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  /** What people call it: the name without the project's. */
  readonly label: string;
}

/** One line that a container wrote. */
export interface OutputLine {
  readonly stream: "stdout" | "stderr";
  /** RFC 3339 with nanoseconds, as the engine stamped it. */
  readonly time: string;
  readonly text: string;
}

/** What somebody who listens to a project's containers gets to hear. */
export type Output =
  | { readonly kind: "lines"; readonly source: OutputSource; readonly lines: readonly OutputLine[] }
  | { readonly kind: "attaching"; readonly sources: readonly OutputSource[] }
  | { readonly kind: "exited"; readonly source: OutputSource; readonly code: number; readonly restarting: boolean }
  | { readonly kind: "unreadable"; readonly source: OutputSource; readonly message: string };
