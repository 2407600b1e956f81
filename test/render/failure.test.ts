import { expect, test } from "vitest";

import { EngineError, PlanError } from "../../src/model/error.ts";
import { formatFailure } from "../../src/render/failure.ts";

test("a failed start: what, why, what it said, what it blocked, what to do", () => {
  const engine = new EngineError("port 8080 is taken by container blog-web-1", {
    status: 500,
    operation: "start container",
    resource: "container shop-proxy-1",
    hint: "stop it, or publish another port",
  });
  const error = new PlanError(
    [
      {
        stepId: 3,
        resource: "container shop-db-1",
        error: new Error("container shop-db-1 is unhealthy"),
        details: ["last health checks (pg_isready):", "  exit 1: no response", "last log lines:", "  FATAL: disk full"],
      },
      {
        stepId: 7,
        resource: "container shop-proxy-1",
        error: engine,
        details: [],
        written: { path: "services.proxy", origin: { file: "/home/me/shop/compose.yaml", line: 12, column: 3 } },
      },
    ],
    [{ resource: "container shop-web-1", because: "container shop-db-1" }],
  );
  expect(formatFailure(error, { colour: false, cwd: "/home/me" })).toMatchInlineSnapshot(`
    "error: container shop-db-1 is unhealthy
      last health checks (pg_isready):
        exit 1: no response
      last log lines:
        FATAL: disk full

    error: container shop-proxy-1: port 8080 is taken by container blog-web-1
      shop/compose.yaml:12:3  services.proxy
      hint: stop it, or publish another port

    not tried
      because of container shop-db-1: container shop-web-1
    "
  `);
});
