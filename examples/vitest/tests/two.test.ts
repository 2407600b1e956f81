import { expect } from "vitest";

import { openVisits } from "../visits.ts";
import { test } from "./project.ts";

test("every worker counts from one, in a database of its own", async ({ compose }) => {
  const db = compose.service("db");
  using visits = openVisits(db.host, db.port());
  expect(await visits.count("home")).toBe(1);
  expect(await visits.count("home")).toBe(2);
});

test("the database can be asked from the inside, too", async ({ compose }) => {
  const { exitCode, stdout } = await compose.service("db").exec(["redis-cli", "ping"]);
  expect({ exitCode, stdout: stdout.trim() }).toEqual({ exitCode: 0, stdout: "PONG" });
  expect(await compose.service("db").logs()).toContain("Ready to accept connections");
});
