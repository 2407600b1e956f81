// What is removed by somebody else between two looks at it.
import { beforeAll, expect, onTestFinished, test } from "vitest";

import { openContext } from "../../src/actions/open.ts";
import { top } from "../../src/actions/top.ts";
import { call } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { openProject } from "../harness/project.ts";

const sleeper = `{ image: ${testImages.busybox}, command: [sleep, "1000"], stop_grace_period: 0s }`;

beforeAll(() => ensureImage(testImages.busybox));

test.each([
  ["killed", "POST", "/kill"],
  ["removed", "DELETE", "?force=true"],
])("top leaves out who is %s after the list was made", async (_, method, what) => {
  await using project = await openProject({ "compose.yaml": `services: { a: ${sleeper}, b: ${sleeper} }\n` });
  await project.succeed("up", "-d");
  const opened = openContext({ source: { cwd: project.folder, environment: new Map(), projectName: project.name } });
  onTestFinished(() => opened.close());
  const engine = await opened.context.engine();
  const late: typeof engine = {
    ...engine,
    async listContainers(...request) {
      const found = await engine.listContainers(...request);
      await call(method, `/containers/${project.container("a-1")}${what}`);
      return found;
    },
  };
  const found = await top({ ...opened.context, engine: async () => late }, { services: [] });
  expect(found.map(({ container, processes }) => [container.service, processes.length])).toEqual([["b", 1]]);
});
