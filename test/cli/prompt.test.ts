// Questions, on a real terminal.
import { beforeAll, describe, expect, test } from "vitest";

import { containersOf } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { openProject } from "../harness/project.ts";
import { hasTerminals, startOnTerminal } from "../harness/terminal.ts";

beforeAll(() => ensureImage(testImages.busybox));

const files = { "compose.yaml": `services: { web: { image: "${testImages.busybox}", command: "true" } }` };

describe.skipIf(!hasTerminals)("a question", () => {
  test.each([
    { answer: "y\r", code: 0, left: 0 },
    { answer: "n\r", code: 0, left: 1 },
    // Once is enough.
    { answer: "\u0003", code: 130, left: 1 },
  ])("is answered by $answer", async ({ answer, code, left }) => {
    await using project = await openProject(files);
    await project.succeed("create");
    const terminal = await startOnTerminal(["-p", project.name, "rm"], { cwd: project.folder });
    await terminal.waitFor(/\[y\/N\]/);
    terminal.type(answer);
    expect(await terminal.ended).toMatchObject({ code, restored: true });
    expect(await containersOf(project.name)).toHaveLength(left);
  });
});
