// What an engine refuses, and what a plan finds wrong, is told with the place in the file that asks for it.
import { beforeAll, expect, test } from "vitest";

import { call } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { openProject, type TestProject } from "../harness/project.ts";

const image = testImages.busybox;

beforeAll(() => ensureImage(image));

test("refusals of the engine", async () => {
  await using project = await openProject({
    "compose.yaml": `
services:
  capable:
    image: ${image}
    cap_add: [NOSUCH]
  user:
    image: ${image}
    user: nobody-at-all
  stored:
    image: ${image}
    volumes: [data:/data]
volumes:
  data:
    driver: no-such-driver
`,
  });
  const ran = await project.run("--progress", "quiet", "up", "-d");
  expect(ran.code).toBe(1);
  expect(sorted(project, ran.stderr)).toMatchInlineSnapshot(`
    "error: container p-capable-1: the engine knows no capability "NOSUCH"
      compose.yaml:3:3  services.capable
      hint: check "cap_add" of the service

    error: container p-user-1: there is no user "nobody-at-all" in the image
      compose.yaml:6:3  services.user
      hint: check "user" of the service; numbers like "1000:1000" need no entry in the image

    error: volume p_data: the engine has no volume driver "no-such-driver"
      compose.yaml:13:3  volumes.data
      hint: check the name of the driver, or install the plugin: docker plugin install no-such-driver

    not tried
      because of volume p_data: container p-stored-1"
  `);
});

test("what a plan finds wrong", async () => {
  await using project = await openProject({
    "base.yaml": `services: { web: { image: ${image} } }\n`,
    "compose.yaml": `
services:
  web:
    command: "true"
    container_name: \${HOLDER}
`,
  });
  const holder = `${project.name}-holder`;
  const labels = { "com.docker.compose.project": project.name, "com.docker.compose.service": "gone" };
  await call("POST", `/containers/create?name=${holder}`, { Image: image, Cmd: ["true"], Labels: labels });
  const files = ["-f", "base.yaml", "-f", "compose.yaml"];
  const ran = await project.runWith({ env: { HOLDER: holder } }, ...files, "up", "-d");
  expect(ran.code).toBe(1);
  expect(sorted(project, ran.stderr)).toMatchInlineSnapshot(`
    "error: the name "p-holder", which service "web" wants, is taken by a container of service "gone"
      compose.yaml:3:3  services.web.container_name
      hint: remove or rename container ID"
  `);
});

/** The order of what fails at once is free, ids are new each time, and each engine has its own words. */
function sorted({ name }: TestProject, text: string): string {
  const plain = text
    .replaceAll(name, "p")
    .replaceAll(/\b[0-9a-f]{12}\b/g, "ID")
    .replaceAll(/^ +the engine says: .*\n/gm, "");
  return plain.trimEnd().split("\n\n").sort().join("\n\n");
}
