// `echo y | tscompose rm`: a script's answers come through a pipe.
import { beforeAll, describe, expect, test } from "vitest";

import { containersOf } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { openProject } from "../harness/project.ts";

beforeAll(() => ensureImage(testImages.busybox));

const files = { "compose.yaml": `services: { web: { image: "${testImages.busybox}", command: "true" } }` };

describe("rm takes its answer from a pipe", () => {
  test.each([
    { stdin: "y\n", answer: "yes", left: 0 },
    { stdin: "YES", answer: "yes", left: 0 },
    { stdin: "y\nn\n", answer: "yes", left: 0 },
    { stdin: "n\n", answer: "no", left: 1 },
    { stdin: "\ny\n", answer: "no", left: 1 },
    { stdin: "yesterday\n", answer: "no", left: 1 },
    { stdin: "y".repeat(10_000), answer: "no", left: 1 },
    { stdin: "", answer: "no: nobody is there to answer", left: 1 },
  ])("$answer", async ({ stdin, answer, left }) => {
    await using project = await openProject(files);
    await project.succeed("create");
    const { code, stderr } = await project.runWith({ stdin }, "rm");
    expect(stderr).toContain(`Going to remove ${project.container("web-1")} ${answer}\n`);
    expect(code).toBe(0);
    expect(await containersOf(project.name)).toHaveLength(left);
  });
});
