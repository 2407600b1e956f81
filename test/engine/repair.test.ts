// What other hands, other tools and interrupted runs leave behind: one `up` puts it right, a second has nothing to do.
import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

import { beforeAll, describe, expect, test } from "vitest";

import { call, containersOf, get, inspectContainer, settled } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { hasPeer } from "../harness/peer.ts";
import { openProject, type TestProject } from "../harness/project.ts";

const image = testImages.busybox;
const sleeping = (more = ""): string =>
  `{ image: ${image}, init: true, command: [sleep, "1000"], stop_grace_period: 1s${more} }`;
const compose = (round = 0): string => `
services:
  db: ${sleeping(`, networks: [one, two], environment: { R: "${round}" }`)}
  web: ${sleeping(`, networks: [one], volumes: ["data:/data"], environment: { R: "${round}" }`)}
  x: ${sleeping(`, scale: 2, environment: { R: "${round}" }`)}
networks: { one: {}, two: {} }
volumes: { data: {} }
`;

beforeAll(() => ensureImage(image));

/** "db-1 running one two", sorted. */
async function state({ name }: TestProject): Promise<readonly string[]> {
  const lines = (await containersOf(name)).map(({ Name, State, NetworkSettings }) =>
    [Name, State.Status, ...Object.keys(NetworkSettings.Networks).sort()].join(" "),
  );
  return lines.map((line) => line.replaceAll(`${name}-`, "").replaceAll(`${name}_`, "")).sort();
}

const right = ["db-1 running one two", "web-1 running one", "x-1 running default", "x-2 running default"];

async function repaired(project: TestProject): Promise<void> {
  await project.succeed("up", "-d");
  expect(await state(project)).toEqual(right);
  const second = await project.run("up", "-d");
  expect([second.code, second.stderr.split("\n").filter((line) => line !== "" && !line.endsWith(" Running"))]).toEqual([
    0,
    [],
  ]);
}

describe("put right", () => {
  type Damage = (project: TestProject) => Promise<unknown>;
  const one = ({ name }: TestProject): string => `/networks/${name}_one`;
  const leave = async (project: TestProject): Promise<void> => {
    for (const each of ["db-1", "web-1"])
      await call("POST", `${one(project)}/disconnect`, { Container: project.container(each), Force: true });
  };
  const damages: Readonly<Record<string, Damage>> = {
    "one paused, one exited, one gone": async (project) => {
      await call("POST", `/containers/${project.container("db-1")}/pause`);
      await call("POST", `/containers/${project.container("web-1")}/kill`);
      await call("DELETE", `/containers/${project.container("x-2")}?force=true`);
      await project.succeed("create", "--scale", "x=2");
    },
    "a container that lost its network": (project) =>
      call("POST", `${one(project)}/disconnect`, { Container: project.container("db-1") }),
    "a network that is gone": async (project) => {
      await leave(project);
      await call("DELETE", one(project));
    },
    "a network that was made anew by somebody": async (project) => {
      await leave(project);
      await call("DELETE", one(project));
      const Labels = { "com.docker.compose.project": project.name, "com.docker.compose.network": "one" };
      await call("POST", "/networks/create", { Name: `${project.name}_one`, Labels });
    },
    "a network that went while its containers were stopped": async (project) => {
      await project.succeed("stop", "-t", "0");
      await leave(project);
      await call("DELETE", one(project));
    },
    "a name half-way": async (project) => {
      const id = (await inspectContainer(project.container("db-1")))?.Id ?? "";
      const name = `${id.slice(0, 12)}_${project.container("db-1")}`;
      await call("POST", `/containers/${project.container("db-1")}/rename?name=${name}`);
    },
    "two containers with one number": async (project) => {
      const { Config } = await get<{ Config: object }>(`/containers/${project.container("x-1")}/json`);
      await call("POST", `/containers/create?name=${project.name}-twin`, Config);
      await call("POST", `/containers/${project.name}-twin/start`);
    },
  };
  test.each(Object.entries(damages))("%s", async (_, damage) => {
    await using project = await openProject({ "compose.yaml": compose() });
    await project.succeed("up", "-d");
    await damage(project);
    await repaired(project);
  });
});

test.runIf(hasPeer)("what docker compose leaves when it is killed", { timeout: 120_000 }, async () => {
  await using project = await openProject({ "compose.yaml": compose() });
  await project.succeed("up", "-d");
  for (let round = 1; round <= 5; round += 1) {
    await project.write({ "compose.yaml": compose(round) });
    const began = Math.floor(Date.now() / 1000);
    const child = execFile("docker", ["compose", "-p", project.name, "up", "-d", "-t", "0"], { cwd: project.folder });
    const ended = new Promise((settle) => child.on("close", settle));
    await sleep(200 + round * 150);
    child.kill("SIGKILL");
    await ended;
    await sleep(500); // the engine still does what it was asked for last
    await settled(project.name, began);
    await repaired(project);
  }
});
