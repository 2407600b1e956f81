// What is removed by somebody else between two looks at it.
import { beforeAll, expect, onTestFinished, test } from "vitest";

import type { ActionContext } from "../../src/actions/context.ts";
import { logs } from "../../src/actions/logs.ts";
import { openContext } from "../../src/actions/open.ts";
import { top } from "../../src/actions/top.ts";
import type { Output } from "../../src/model/output.ts";
import { call } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { openProject, type TestProject } from "../harness/project.ts";

const sleeper = `{ image: ${testImages.busybox}, command: [sleep, "1000"], stop_grace_period: 0s }`;

beforeAll(() => ensureImage(testImages.busybox));

test.each([
  ["killed", "POST", "/kill"],
  ["removed", "DELETE", "?force=true"],
])("top leaves out who is %s after the list was made", async (_, method, what) => {
  await using project = await openProject({ "compose.yaml": `services: { a: ${sleeper}, b: ${sleeper} }\n` });
  await project.succeed("up", "-d");
  const context = await whereAfterALook(project, () => call(method, `/containers/${project.container("a-1")}${what}`));
  const found = await top(context, { services: [] });
  expect(found.map(({ container, processes }) => [container.service, processes.length])).toEqual([["b", 1]]);
});

test("logs -f ends also if the last one was removed after the list was made", async () => {
  await using project = await openProject({ "compose.yaml": `services: { a: ${sleeper} }\n` });
  await project.succeed("up", "-d");
  const context = await whereAfterALook(project, () =>
    call("DELETE", `/containers/${project.container("a-1")}?force=true`),
  );
  expect(await followed(context)).toEqual([]);
});

test("logs -f shows also who has come after the list was made", async () => {
  const late = `{ image: ${testImages.busybox}, command: [echo, hello] }`;
  await using project = await openProject({ "compose.yaml": `services: { a: ${sleeper}, b: ${late} }\n` });
  await project.succeed("create", "a");
  const context = await whereAfterALook(project, async () => {
    await project.succeed("up", "-d", "b");
    await call("POST", `/containers/${project.container("b-1")}/wait`);
  });
  expect(await followed(context)).toEqual(["hello"]);
});

async function followed(context: ActionContext): Promise<readonly string[]> {
  const outputs: Output[] = [];
  await logs(context, { services: [], follow: true, onOutput: (output) => void outputs.push(output) });
  return outputs.flatMap((each) => (each.kind === "lines" ? each.lines.map(({ text }) => text) : []));
}

/** Where something happens between the first look at the containers and what follows it. */
async function whereAfterALook(project: TestProject, happen: () => Promise<unknown>): Promise<ActionContext> {
  const opened = openContext({
    source: { cwd: project.folder, environment: new Map(), files: ["compose.yaml"], projectName: project.name },
  });
  onTestFinished(() => opened.close());
  const engine = await opened.context.engine();
  let looked: Promise<unknown> | undefined;
  const late: typeof engine = {
    ...engine,
    async listContainers(...request) {
      const found = await engine.listContainers(...request);
      await (looked ??= happen());
      return found;
    },
  };
  return { ...opened.context, engine: async () => late };
}
