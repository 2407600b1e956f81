// A project that is written as code, from the command line, beside docker compose.
import { beforeAll, expect, test } from "vitest";

import { ensureImage, testImages } from "../harness/images.ts";
import { hasPeer, peer } from "../harness/peer.ts";
import { openProject } from "../harness/project.ts";

beforeAll(() => ensureImage(testImages.busybox));

const files = {
  "compose.ts": `import { defineCompose, type ComposeService } from "tscompose";
import { sleeper } from "./parts/sleeper.ts";

const names = ["a", "b"] as const;

export default defineCompose(({ env }) => ({
  services: {
    ...Object.fromEntries(names.map((name): [string, ComposeService] => [name, sleeper(name)])),
    last: { ...sleeper("last"), depends_on: { a: { condition: "service_started" } }, scale: Number(env["LAST"] ?? 1) },
  },
  volumes: { data: {} },
}));
`,
  "parts/sleeper.ts": `import type { ComposeService } from "tscompose";
export function sleeper(name: string): ComposeService {
  return {
    image: "${testImages.busybox}",
    command: ["sh", "-c", "echo $0 $$; exec sleep 1000", name],
    init: true,
    stop_grace_period: "1s",
    environment: { PRICE: "5$", NAME: name },
    healthcheck: { test: ["CMD", "true"], interval: "1s", retries: 3 },
    volumes: ["data:/data"],
    ports: [{ target: 80 }],
  };
}
`,
  ".env": "LAST=2\n",
};

test("compose.ts is found, brought up, and up to date after that", async () => {
  await using project = await openProject(files);
  await project.succeed("up", "--wait");
  expect((await project.succeed("ps", "--format", "{{.Service}} {{.State}}")).trim().split("\n").toSorted()).toEqual([
    "a running",
    "b running",
    "last running",
    "last running",
  ]);
  expect(await project.succeed("logs", "--no-log-prefix", "a")).toMatch(/^a \d+\n$/);
  expect(await project.succeed("plan")).toMatch(/^nothing to do/);
});

test.skipIf(!hasPeer)("what config makes of it is the same project to docker compose", async () => {
  await using project = await openProject(files);
  const yaml = await project.succeed("config");
  const hashes = await project.succeed("config", "--hash", "*");
  expect(yaml).toContain("PRICE: 5$$\n");
  await project.write({ "compose.yaml": yaml });
  expect((await peer(project, "-f", "compose.yaml", "config")).stdout).toBe(yaml);
  expect((await peer(project, "-f", "compose.yaml", "config", "--hash", "*")).stdout).toBe(hashes);
});

test("what it prints does not get into what config prints; mistakes are in the file", async () => {
  await using project = await openProject({
    "compose.ts": `import { defineCompose } from "tscompose";
console.log("thinking");
export default defineCompose({ services: { web: { image: "i", imgae: "j" } } });
`,
  });
  const { code, stdout, stderr } = await project.run("config");
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatchInlineSnapshot(`
    "thinking
    error: unknown key "imgae" in services.web
      compose.ts:3:63  services.web
        2 │ console.log("thinking");
        3 │ export default defineCompose({ services: { web: { image: "i", imgae: "j" } } });
          │                                                               ^^^^^
      hint: did you mean "image"?
    "
  `);
});
