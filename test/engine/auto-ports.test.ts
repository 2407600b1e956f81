// --auto-ports: two copies of one project on one machine, and what stays the same when they are brought up again.
import { once } from "node:events";
import { chmod, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import path from "node:path";

import { beforeAll, expect, onTestFinished, test } from "vitest";

import { openCompose } from "../../src/index.ts";
import { type RunOptions, startCli } from "../harness/cli.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { hasPeer, peer } from "../harness/peer.ts";
import { freePort } from "../harness/ports.ts";
import { openProject, type TestProject } from "../harness/project.ts";

beforeAll(() => ensureImage(testImages.busybox));

/** A port of the host that something else than a container has. */
async function busyPort(): Promise<number> {
  const server = createServer().listen(0, "0.0.0.0");
  await new Promise((resolve) => server.once("listening", resolve));
  onTestFinished(() => void server.close());
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

const compose = (...ports: readonly number[]): Readonly<Record<string, string>> => ({
  "compose.yaml": `services:
  web-app:
    image: ${testImages.busybox}
    command: httpd -f -p 80
    init: true
    ports: [${ports.map((port, index) => `"${port}:${80 + index}"`).join(", ")}, "53/udp"]
`,
});

async function portOf(project: TestProject, target = 80): Promise<number> {
  return Number((await project.succeed("port", "web-app", String(target))).trim().split(":").at(-1));
}

test("what is free stays what the file prefers, and nothing differs from a run without the flag", async () => {
  const port = await freePort();
  await using project = await openProject(compose(port));
  await project.succeed("up", "-d", "--auto-ports");
  expect(await portOf(project)).toBe(port);
  expect(await project.succeed("plan", "--auto-ports")).toMatch(/^nothing to do/);
  expect(await project.succeed("plan")).toMatch(/^nothing to do/);
  if (hasPeer) expect((await peer(project, "up", "-d", "--dry-run")).stderr).not.toMatch(/Recreate/);
});

test("what is taken is moved, once: the next plan finds everything up to date", async () => {
  const [busy, free] = [await busyPort(), await freePort()];
  await using project = await openProject(compose(busy, free));
  const refused = await project.run("up", "-d");
  expect(refused.code).toBe(1);
  await project.succeed("up", "-d", "--auto-ports");
  const moved = await portOf(project);
  expect(moved).toBeGreaterThanOrEqual(20_000);
  expect(moved).toBeLessThan(30_000);
  expect(await portOf(project, 81)).toBe(free);
  expect(await project.succeed("plan", "--auto-ports")).toMatch(/^nothing to do/);
  // Stopped, it holds no port; the label remembers it.
  await project.succeed("stop", "-t", "0");
  await project.succeed("up", "-d", "--auto-ports");
  expect(await portOf(project)).toBe(moved);
  // Gone altogether, the folder leads to the same port again.
  await project.succeed("down", "-t", "0");
  const { stdout } = await project.runWith({ env: { TSCOMPOSE_AUTO_PORTS: "1" } }, "up", "-d", "--dry-run");
  expect(stdout).toContain("web-app");
  await project.succeed("up", "-d", "--auto-ports");
  expect(await portOf(project)).toBe(moved);

  const read = (file: string): Promise<string> => readFile(path.join(project.folder, ".tscompose", file), "utf8");
  expect(await read("ports.env")).toBe(`WEB_APP_PORT=${moved}\nWEB_APP_PORT_80=${moved}\nWEB_APP_PORT_81=${free}\n`);
  expect(JSON.parse(await read("ports.json"))).toEqual({
    project: project.name,
    services: {
      "web-app": [
        { target: 80, protocol: "tcp", host: "localhost", preferred: busy, published: moved },
        { target: 81, protocol: "tcp", host: "localhost", preferred: free, published: free },
      ],
    },
  });
  // Without the flag it stays where it is; a plain no, or another word of the file, and the reason is said.
  expect(await project.succeed("plan")).toMatch(/^nothing to do/);
  expect(await project.succeed("up", "-d").then(() => portOf(project))).toBe(moved);
  expect(await project.succeed("plan", "--auto-ports=false")).toMatch(/ports.*changed/);
  await project.write(compose(free, await freePort()));
  expect(await project.succeed("plan")).toMatch(/ports.*changed/);
});

test("two copies stand side by side, and a command of one beside its service", async () => {
  const port = await freePort();
  await using one = await openProject(compose(port));
  await using other = await openProject(compose(port));
  await one.succeed("up", "-d", "--auto-ports");
  await other.succeed("up", "-d", "--auto-ports");
  expect(await portOf(one)).toBe(port);
  expect(await portOf(other)).not.toBe(port);
  await one.succeed("run", "-d", "--service-ports", "--auto-ports", "web-app");
  expect((await one.succeed("ps", "-a", "--format", "{{.Service}} {{.State}}")).trim().split("\n")).toHaveLength(2);
});

/** A project whose `up` has chosen its port, and waits for the file "ready" before it makes the container. */
const hesitant = (port: number): Readonly<Record<string, string>> => ({
  "compose.yaml": `services:
  web-app: { image: ${testImages.busybox}, command: httpd -f -p 80, init: true, ports: ["${port}:80"], depends_on: [cloud] }
  cloud: { provider: { type: slow } }
`,
  slow: `#!/bin/sh\nwhile [ ! -e ready ]; do sleep 0.05; done\n`,
});

async function hesitating({ folder }: TestProject): Promise<RunOptions> {
  await chmod(path.join(folder, "slow"), 0o755);
  return { cwd: folder, env: { PATH: `${folder}:${process.env["PATH"] ?? ""}` } };
}

test("what is free is looked at when it is one's turn: two at once do not move each other", async () => {
  const port = await freePort();
  await using project = await openProject(hesitant(port));
  const options = await hesitating(project);
  const up = ["-p", project.name, "up", "-d", "--auto-ports"];
  const first = await startCli(up, options);
  await first.waitFor(/cloud/);
  const passing = createServer().listen(port, "0.0.0.0");
  await once(passing, "listening");
  const second = await startCli(up, options);
  await second.waitFor(/waiting for "up"/);
  passing.close();
  await once(passing, "close");
  await project.write({ ready: "" });
  expect((await first.ended).code).toBe(0);
  const { code, stderr } = await second.ended;
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.not.stringContaining("Recreate") });
  expect(await portOf(project)).toBe(port);
  expect(await readFile(path.join(project.folder, ".tscompose/ports.env"), "utf8")).toContain(`WEB_APP_PORT=${port}\n`);
});

test("what is chosen is nobody else's choice, however long it takes until somebody listens", async () => {
  const port = await freePort();
  await using one = await openProject(hesitant(port));
  await using other = await openProject(compose(port));
  const running = await startCli(["-p", one.name, "up", "-d", "--auto-ports"], await hesitating(one));
  await running.waitFor(/cloud/);
  await other.succeed("up", "-d", "--auto-ports");
  expect(await portOf(other)).not.toBe(port);
  await one.write({ ready: "" });
  expect((await running.ended).code).toBe(0);
  expect(await portOf(one)).toBe(port);
  // Nothing of it is left behind: who comes when it is free again gets it.
  await one.succeed("down", "-t", "0");
  await other.succeed("down", "-t", "0");
  await other.succeed("up", "-d", "--auto-ports");
  expect(await portOf(other)).toBe(port);
});

test("a program asks for it when it opens the project", async () => {
  const port = await busyPort();
  await using project = await openProject(compose(port));
  await using opened = await openCompose({ cwd: project.folder, autoPorts: true });
  await opened.up();
  const { published } = await opened.port("web-app", 80);
  expect(published).not.toBe(port);
  expect((await opened.plan()).steps).toEqual([]);
});
