import { expect, test } from "vitest";

import type { WatchEvent } from "../../src/model/watch.ts";
import { formatWatch } from "../../src/render/watch.ts";

const events: readonly WatchEvent[] = [
  { kind: "enabled" },
  { kind: "synced", service: "web", written: ["/app/a"], removed: [], containers: ["p-web-1"] },
  {
    kind: "synced",
    service: "web",
    written: ["/app/a", "/app/c", "/app/d"],
    removed: ["/app/b"],
    containers: ["p-web-1", "p-web-2"],
  },
  { kind: "rebuilding", services: ["web"] },
  { kind: "rebuilt", services: ["web", "worker"] },
  { kind: "restarted", services: ["web"] },
  { kind: "output", container: "web-1", stream: "stderr", text: "reloading" },
  { kind: "executed", container: "web-1", command: ["nginx", "-s", "reload"], exitCode: 0 },
  { kind: "executed", container: "web-1", command: ["nginx", "-s", "reload"], exitCode: 1 },
  { kind: "failed", message: "the engine is gone" },
  { kind: "disabled" },
];

test("what a person reads", () => {
  const said = events.map((event) => formatWatch(event, { errorColour: false, prefix: "⦿ " }));
  expect(said.map(({ stream, text }) => `${stream}: ${text}`).join("")).toMatchInlineSnapshot(`
    "stdout: ⦿ Watch enabled
    stdout: ⦿ Synced 1 change to service "web": /app/a
    stdout: ⦿ Synced 4 changes (1 removed) to 2 containers of service "web": /app/a, /app/b, /app/c and 1 more
    stdout: ⦿ Rebuilding service "web" after changes were detected...
    stdout: ⦿ Rebuilt services "web", "worker"
    stdout: ⦿ Restarted service "web"
    stderr: web-1 | reloading
    stdout: ⦿ Ran in web-1: nginx -s reload
    stderr: error: web-1: nginx -s reload ended with status 1
    stderr: error: the engine is gone
    stdout: ⦿ Watch disabled
    "
  `);
});
