import type { ScalarValue } from "../tree.ts";

/** What the process that ran a compose file says of it; written by runner.mjs. */
export type RunResult =
  | { readonly kind: "done"; readonly isMissing: boolean; readonly value: RunValue }
  | {
      readonly kind: "failed";
      readonly message: string;
      readonly stack: string;
      readonly name: string;
      /** Node's own, or empty. */
      readonly code: string;
    };

export type RunValue =
  | (Placed & { readonly kind: "scalar"; readonly value: ScalarValue })
  | (Made & { readonly kind: "list"; readonly items: readonly RunValue[] })
  | (Made & { readonly kind: "map"; readonly entries: readonly (readonly [string, RunValue])[] })
  /** No data. */
  | (Placed & { readonly kind: "wrong"; readonly what: string });

interface Placed {
  /** Numbers of a literal and of one of its parts, where that is known. */
  readonly at: readonly [literal: number, slot: number] | undefined;
}

interface Made extends Placed {
  /** The literal that made it. */
  readonly literal: number | undefined;
  readonly tag: "override" | "reset" | undefined;
}
