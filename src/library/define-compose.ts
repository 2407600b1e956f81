import type { ComposeDocument } from "../model/compose-document.ts";

/** What a project that is written as code is given. */
export interface CodeContext {
  /** The variables of the project: those of the process, and of `.env`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder of the file, which is also the working folder while it runs. */
  readonly folder: string;
}

/** A project, or a function that makes one. */
export type ComposeSource =
  | ComposeDocument
  | Promise<ComposeDocument>
  | ((context: CodeContext) => ComposeDocument | Promise<ComposeDocument>);

/**
 * What a compose.ts exports. It changes nothing: it is there for the types.
 *
 * @example
 * export default defineCompose({ services: { web: { image: "nginx", ports: ["8080:80"] } } });
 */
export function defineCompose(source: ComposeSource): ComposeSource {
  return source;
}

const tag = Symbol.for("tscompose.tag");

/** In an override: this takes the place of what was there, instead of being merged with it; `!override` in YAML. */
export function override<T extends object>(value: T): T {
  return Object.defineProperty(value, tag, { value: "override" });
}

/** In an override: what was there is gone; `!reset` in YAML. */
export function reset(): never {
  const nothing: unknown = Object.defineProperty({}, tag, { value: "reset" });
  return nothing as never;
}
