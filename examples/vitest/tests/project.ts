import path from "node:path";

import { composeTest } from "tscompose/vitest";

/** `test` with a database of this worker's own. */
export const test = composeTest({
  cwd: path.resolve(import.meta.dirname, ".."),
  ready: { db: { log: /Ready to accept/ } },
});
