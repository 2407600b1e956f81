// The crash matrix of test/executor on a real engine: those scenarios in which the engine has a say.
import { describe, expect, test } from "vitest";

import { connect } from "../../src/engine/connect.ts";
import { removeProject } from "../harness/clean.ts";
import { crashScenarios, crashTable } from "../harness/crash.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { uniqueName } from "../harness/project.ts";

const chosen = ["a container is replaced", "a network is replaced", "a volume is replaced"];

describe.concurrent("each step may be the last", () => {
  test.each(chosen)("%s", { timeout: 180_000 }, async (title) => {
    const image = await ensureImage(testImages.busybox);
    const host = process.env["DOCKER_HOST"];
    const engine = await connect({ environment: new Map(host === undefined ? [] : [["DOCKER_HOST", host]]) });
    const open = async () => ({ engine, name: uniqueName() });
    const scenario = crashScenarios(image)[title];
    if (scenario === undefined) throw new Error(`no scenario "${title}"`);
    try {
      const table = await crashTable({ image, open, close: removeProject }, scenario);
      expect(table.filter(({ outcome }) => outcome !== "up to date")).toEqual([]);
    } finally {
      await engine.close();
    }
  });
});
