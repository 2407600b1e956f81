// Ctrl-C and its like at moments that nobody chose: it ends soon, without a word too many, and the next run completes.
import { setTimeout as sleep } from "node:timers/promises";

import { beforeAll, describe, expect, test } from "vitest";

import { startCli } from "../harness/cli.ts";
import { containersOf, settled } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { openProject, type TestProject } from "../harness/project.ts";
import { hasTerminals, startOnTerminal } from "../harness/terminal.ts";

const image = testImages.busybox;
const rounds = 4;
const verbs = ["up -d --wait", "up", "up -d --force-recreate", "down -v", "restart", "scale x=3", "run --rm x sleep 5"];
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const compose = (round: number): string => `
services:
  web: { image: ${image}, init: true, command: [sleep, "1000"], stop_grace_period: 1s, environment: { R: "${round}" }, depends_on: { db: { condition: service_healthy } } }
  db: { image: ${image}, init: true, command: [sleep, "1000"], stop_grace_period: 1s, environment: { R: "${round}" }, healthcheck: { test: "sleep 0.2", interval: 50ms }, volumes: ["data:/data"] }
  x: { image: ${image}, init: true, command: [sleep, "1000"], stop_grace_period: 1s }
volumes: { data: {} }
`;

beforeAll(() => ensureImage(image));

interface Interrupted {
  readonly code: number | null;
  readonly output: string;
  readonly afterMs: number;
}

async function inPipe(project: TestProject, verb: string, delay: number, round: number): Promise<Interrupted> {
  const running = await startCli(["-p", project.name, ...verb.split(" ")], { cwd: project.folder });
  await sleep(delay);
  const at = Date.now();
  running.kill(signals[round % signals.length] ?? "SIGINT");
  const { code, stdout, stderr } = await running.ended;
  return { code, output: stdout + stderr, afterMs: Date.now() - at };
}

async function onTerminal(project: TestProject, verb: string, delay: number): Promise<Interrupted> {
  const run = await startOnTerminal(["-p", project.name, ...verb.split(" ")], { cwd: project.folder });
  await sleep(delay);
  const at = Date.now();
  run.type("\u0003");
  const { code, output, raw, restored } = await run.ended;
  expect(restored).toBe(true);
  // Whoever hid the cursor has brought it back.
  expect(raw.lastIndexOf("\u001B[?25h")).toBeGreaterThanOrEqual(raw.lastIndexOf("\u001B[?25l"));
  return { code, output, afterMs: Date.now() - at };
}

describe("at any moment", () => {
  test.each(verbs)("of %s", { timeout: 180_000 }, async (verb) => {
    await using project = await openProject({});
    const began = Math.floor(Date.now() / 1000);
    for (let round = 0; round < rounds; round += 1) {
      await project.write({ "compose.yaml": compose(round) });
      const delay = Math.floor(Math.random() * 1200);
      const useTerminal = hasTerminals && round % 2 === 1;
      const ran = useTerminal
        ? await onTerminal(project, verb, delay)
        : await inPipe(project, verb, delay, Math.floor(Math.random() * 3));
      const story = `after ${delay} ms: ${ran.code}\n${ran.output}`;
      // 0: it was over before; 129 and 143: there was no Node yet to hear of it; a command of run is told itself.
      expect([0, 129, 130, 143], story).toContain(ran.code);
      expect(ran.output, story).not.toMatch(/^ +at |has a bug|[Uu]nhandled/m);
      expect(ran.afterMs, story).toBeLessThan(30_000);
    }
    await settled(project.name, began);
    await project.succeed("up", "-d", "--wait");
    const states = (await containersOf(project.name)).map(({ State }) => State.Status);
    expect(states).toEqual(["running", "running", "running"]);
    const { stderr } = await project.run("up", "-d");
    expect(stderr).not.toMatch(/Creating|Recreate|Starting|Removing/);
  });
});
