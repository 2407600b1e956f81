import { expect, test } from "vitest";

import { compareContainer } from "../../../src/engine/compare/compare.ts";
import { withoutSecrets } from "../../../src/engine/compare/secret-text.ts";

test.each([
  ["postgres://me:pw@db/shop", "postgres://me:***@db/shop"],
  ["redis://:pw@cache:6379", "redis://:***@cache:6379"],
  ["http://host:80/a@b", "http://host:80/a@b"],
  ["Server=db;Password=pw;Timeout=3", "Server=db;Password=***;Timeout=3"],
  ["https://host/?api_key=abc&page=2", "https://host/?api_key=***&page=2"],
  ['["serve","--db-password","pw","--port","80"]', '["serve","--db-password","***","--port","80"]'],
  ['["serve","--token=pw"]', '["serve","--token=***"]'],
  ["mysqladmin --password pw ping", "mysqladmin --password *** ping"],
  ['{"tag":"x","splunk-token":"pw"}', '{"tag":"x","splunk-token":"***"}'],
  ["/run/secrets/token", "/run/secrets/token"],
  ["--password-file=/run/x", "--password-file=/run/x"],
])("%s", (text, shown) => {
  expect(withoutSecrets(text)).toBe(shown);
});

test("a change of nothing but the password is a change whose values are not shown", () => {
  const url = (password: string, host: string): string => `URL=postgres://me:${password}@${host}/shop`;
  const change = (next: string): unknown =>
    compareContainer({
      wanted: { Env: [next], HostConfig: {} },
      actual: { Config: { Env: [url("old", "db")] }, HostConfig: {}, NetworkSettings: {} },
      defaults: { environment: [], labels: new Map(), exposed: [] },
    });
  expect(change(url("new", "db"))).toEqual([{ path: "environment.URL" }]);
  expect(change(url("new", "other"))).toEqual([
    { path: "environment.URL", before: "postgres://me:***@db/shop", after: "postgres://me:***@other/shop" },
  ]);
});
