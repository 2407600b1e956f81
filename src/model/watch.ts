/** What somebody who watches a project's files gets to hear. */
export type WatchEvent =
  | { readonly kind: "enabled" }
  | { readonly kind: "disabled" }
  | WatchSynced
  | { readonly kind: "rebuilding"; readonly services: readonly string[] }
  | { readonly kind: "rebuilt"; readonly services: readonly string[] }
  | { readonly kind: "restarted"; readonly services: readonly string[] }
  | WatchOutput
  | {
      readonly kind: "executed";
      readonly container: string;
      readonly command: readonly string[];
      readonly exitCode: number;
    }
  /** Something could not be done; watching goes on. */
  | { readonly kind: "failed"; readonly message: string };

export interface WatchSynced {
  readonly kind: "synced";
  readonly service: string;
  /** Paths in the container. */
  readonly written: readonly string[];
  readonly removed: readonly string[];
  /** Names of the containers that have them now. */
  readonly containers: readonly string[];
}

/** A line that the command of a `sync+exec` rule writes. */
export interface WatchOutput {
  readonly kind: "output";
  readonly container: string;
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

export type OnWatch = (event: WatchEvent) => void;
