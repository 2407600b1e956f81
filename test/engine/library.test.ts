// The package as a program uses it, on a real engine.
import { beforeAll, expect, onTestFinished, test } from "vitest";

import { type ComposeDocument, openCompose, type ProgressEvent, ProjectError } from "../../src/index.ts";
import { removeProject } from "../harness/clean.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { uniqueName } from "../harness/project.ts";

const image = testImages.busybox;
beforeAll(() => ensureImage(image));

function document(command: string): ComposeDocument {
  return { services: { web: { image, command: ["sh", "-c", command], init: true, stop_grace_period: "1s" } } };
}

test("a project is planned, brought up, listed and read; with its scope it is gone", async () => {
  const projectName = uniqueName();
  onTestFinished(() => removeProject(projectName));
  const events: ProgressEvent[] = [];
  const onEvent = (event: ProgressEvent): void => void events.push(event);
  {
    await using compose = await openCompose({ projectName, document: document("echo hello; sleep 1000"), onEvent });
    expect((await compose.plan()).steps.map(({ kind, resource, cause }) => `${kind} ${resource} (${cause})`)).toEqual([
      `network.create network ${projectName}_default (missing)`,
      `container.create container ${projectName}-web-1 (missing)`,
      `container.start container ${projectName}-web-1 (created)`,
    ]);
    expect(await compose.ps({ all: true })).toEqual([]);
    await compose.up({ wait: true });
    expect((await compose.ps()).map(({ service, state }) => [service, state])).toEqual([["web", "running"]]);
    const lines: string[] = [];
    await compose.logs((output) => void lines.push(...output.lines.map(({ text }) => text)));
    expect(lines).toEqual(["hello"]);
    expect((await compose.plan()).steps).toEqual([]);
  }
  expect(events.some((event) => event.kind === "step.done" && event.status === "Started")).toBe(true);
  const after = await openCompose({ projectName, document: document("true") });
  expect(await after.ps({ all: true })).toEqual([]);
  await after.close();
});

test("two projects at once in one process; what is closed stays up", async () => {
  const names = [uniqueName(), uniqueName()];
  onTestFinished(() => Promise.all(names.map(removeProject)).then(() => {}));
  const open = (projectName: string) => openCompose({ projectName, document: document("sleep 1000") });
  const both = await Promise.all(names.map(open));
  await Promise.all(both.map((compose) => compose.up()));
  await Promise.all(both.map((compose) => compose.close()));
  await using first = await open(names[0] ?? "");
  await using second = await open(names[1] ?? "");
  expect([(await first.ps()).length, (await second.ps()).length]).toEqual([1, 1]);
});

test("mistakes reject with all of them as data", async () => {
  const compose = await openCompose({ document: JSON.parse('{"services":{"web":{"imge":"x","ports":5}}}') });
  const failure = await compose.up().catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ProjectError);
  if (failure instanceof ProjectError) expect(failure.diagnostics.map(({ code }) => code)).toContain("unknown-key");
  await compose.close();
});
