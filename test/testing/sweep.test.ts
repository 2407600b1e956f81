import os from "node:os";

import { expect, test } from "vitest";

import { composeLabels } from "../../src/model/labels.ts";
import { ownerLabel, ownOwner } from "../../src/testing/isolated.ts";
import { sweepLeftovers } from "../../src/testing/sweep.ts";
import { fakeEngine } from "../harness/fake-engine.ts";

/** No process has it: it is beyond what any system gives. */
const nobody = `${os.hostname()}/99999999`;

test("networks and volumes of those who were killed before, or after, they had containers are swept up, too", async () => {
  const engine = fakeEngine();
  const made = async (project: string, owner: string): Promise<void> => {
    const labels = (kind: string, key: string): ReadonlyMap<string, string> =>
      new Map([
        [composeLabels.project, project],
        [kind, key],
        [ownerLabel, owner],
      ]);
    await engine.createNetwork(
      { key: "default", name: `${project}_default` },
      labels(composeLabels.network, "default"),
    );
    await engine.createVolume({ key: "data", name: `${project}_data` }, labels(composeLabels.volume, "data"));
  };
  await made("left", nobody);
  await made("alive", ownOwner());
  await made("elsewhere", "another-machine/99999999");
  await sweepLeftovers(engine);
  expect((await engine.listNetworks({})).map(({ name }) => name)).toEqual(["alive_default", "elsewhere_default"]);
  expect((await engine.listVolumes({})).map(({ name }) => name)).toEqual(["alive_data", "elsewhere_data"]);
});
