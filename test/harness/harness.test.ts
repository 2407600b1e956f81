// The harness itself: a clean-up that cleans nothing, or a check that sees nothing, would make every test worthless.
import { expect, test } from "vitest";

import { removeProject } from "./clean.ts";
import { call, containersOf, inspectContainer, logsOf } from "./engine-api.ts";
import { ensureImage, testImages } from "./images.ts";
import { openRegistry, registryLogin } from "./registry.ts";
import { setup as sweep } from "./sweep.ts";

test("images are made of this machine's own programs, and run", async () => {
  const node = await ensureImage(testImages.node);
  const name = `tst-${process.pid}-9001`;
  await createContainer(name, { Image: node, Cmd: ["node", "-e", "console.log(6 * 7)"] });
  await call("POST", `/containers/${name}/start`);
  await call("POST", `/containers/${name}/wait`);
  expect(await logsOf(name)).toBe("42\n");
  expect((await containersOf(name)).map((each) => each.Name)).toEqual([name]);
  await removeProject(name);
  expect(await inspectContainer(name)).toBeUndefined();
});

test("a sweep takes what a dead process left, and nothing of the living", async () => {
  const image = await ensureImage(testImages.busybox);
  const [dead, living] = ["tst-4194999-1", `tst-${process.pid}-9002`];
  for (const name of [dead, living]) await createContainer(name, { Image: image });
  await sweep();
  expect(await inspectContainer(dead)).toBeUndefined();
  expect(await inspectContainer(living)).toBeDefined();
  await removeProject(living);
});

test("the registry takes pushes from those it knows", async () => {
  const image = await ensureImage(testImages.busybox);
  await using registry = await openRegistry({ login: "basic" });
  const name = `${registry.address}/pushed`;
  await call("POST", `/images/${image}/tag?repo=${name}&tag=1`);
  const anonymous = await call("POST", `/images/${name}/push?tag=1`, undefined, { "X-Registry-Auth": header({}) });
  expect(anonymous.text).toContain("no basic auth credentials");
  const known = await call("POST", `/images/${name}/push?tag=1`, undefined, {
    "X-Registry-Auth": header(registryLogin),
  });
  expect(known.text).toContain("digest: sha256:");
  await call("DELETE", `/images/${name}:1`);
});

function header(credentials: object): string {
  return Buffer.from(JSON.stringify(credentials)).toString("base64").replaceAll("+", "-").replaceAll("/", "_");
}

async function createContainer(name: string, request: object): Promise<void> {
  const Labels = { "com.docker.compose.project": name };
  const { status, text } = await call("POST", `/containers/create?name=${name}`, { ...request, Labels });
  if (status !== 201) throw new Error(text);
}
