import type { Origin } from "./project.ts";

/** A stretch of a source text; offsets count UTF-16 units from 0, `end` is exclusive. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

/** A file as it was read. `name` is shown to people: relative to where they stand when that is shorter. */
export interface Source {
  /** Absolute path, "-" for standard input, or a remote reference. */
  readonly path: string;
  readonly text: string;
}

/** What is wrong, where, and what to do. One sentence, in the user's words. */
export interface Diagnostic {
  /** Stable, kebab-case: "unknown-key". */
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly message: string;
  readonly at?: Span;
  /** Where the service or resource is written, when only that is still known. */
  readonly origin?: Origin;
  /** Dotted place in the document: "services.web.ports[0]". */
  readonly path?: string;
  /** Related places: "first defined here", the other edges of a cycle. */
  readonly notes?: readonly DiagnosticNote[];
  readonly hint?: string;
}

export interface DiagnosticNote {
  readonly message: string;
  readonly at?: Span;
}

export type Report = (diagnostic: Diagnostic) => void;
