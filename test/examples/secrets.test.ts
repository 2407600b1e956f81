import { expect, test } from "vitest";

import { addressOf, fetchPage, runInside } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { openExample } from "../harness/project.ts";

const override = `
services:
  web:
    image: ${testImages.busybox}
    ports: !override ["127.0.0.1::8080"]
`;

test("secrets and configs arrive where they belong, with their modes", async () => {
  await ensureImage(testImages.busybox);
  await using project = await openExample("secrets", override);
  await project.succeed("up", "-d");

  const page = await fetchPage(await addressOf(project.container("web-1"), 8080));
  expect(page).toContain("<p>Served for everybody.</p>");
  const exec = (...command: string[]): Promise<string> => runInside(project.container("web-1"), ...command);
  expect(await exec("cat", "/run/secrets/api_token", "/etc/motd")).toBe("not-a-real-token\nWelcome.\n");
  expect(await exec("cat", "/run/secrets/session_key")).toBe("only-an-example");
  expect(await exec("stat", "-c", "%a", "/run/secrets/session_key")).toBe("400\n");
  await project.succeed("down");
});
