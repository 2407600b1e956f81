// Containers that somebody else removes between our look and our call.
import { expect, test } from "vitest";

import { planDown } from "../../src/planner/down.ts";
import { defaultUpOptions } from "../../src/planner/up-options.ts";
import { planUp } from "../../src/planner/up.ts";
import { fakeEngine } from "../harness/fake-engine.ts";
import { bringUp, load, look, perform } from "../harness/stage.ts";

const sleeping = { image: "busybox", command: ["sleep", "infinity"], init: true };

test("what is gone need not be stopped any more", async () => {
  const engine = fakeEngine();
  const project = await load({ services: { web: { ...sleeping, depends_on: ["db"] }, db: sleeping } });
  await bringUp(engine, project);
  const observed = await look(engine, project);
  const plan = planDown(project, observed, { services: [], removeOrphans: false, volumes: false });
  for (const { id } of observed.containers) await engine.removeContainer(id, { volumes: false });
  const { error } = await perform(engine, project, { plan });
  expect(error).toBeUndefined();
  expect([engine.world.containers.size, engine.world.networks.size]).toEqual([0, 0]);
});

test("nor before another one takes its place", async () => {
  const engine = fakeEngine();
  await bringUp(engine, await load({ services: { web: sleeping } }));
  const changed = await load({ services: { web: { ...sleeping, user: "1" } } });
  const observed = await look(engine, changed);
  const plan = planUp(changed, observed, defaultUpOptions);
  for (const { id } of observed.containers) await engine.removeContainer(id, { volumes: false });
  const { error } = await perform(engine, changed, { plan });
  expect(error).toBeUndefined();
  expect([...engine.world.containers.values()].map(({ name, state }) => `${name} ${state}`)).toEqual([
    "p-web-1 running",
  ]);
});
