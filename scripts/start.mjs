// npm start: sets up what is missing, then runs the main job on an example: a web server, built and brought up.
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { isPlain } from "./setup/engine-api.mjs";
import { root, run, runScript, say, StepFailure } from "./setup/say.mjs";
import { setUp } from "./setup/setup.mjs";
import { provideImages } from "./stand-ins.mjs";

const example = path.join(root, "examples/node-web");
const cli = path.join(root, "dist/cli.js");
const address = "http://localhost:8080";

await runScript(async () => {
  const { engine, env } = await setUp();
  if (isPlain(engine.host)) await provideImages(engine.host, ["node:20-slim"], { pull: true });
  say("examples/node-web: tscompose up -d");
  run(process.execPath, [cli, "up", "-d"], {
    cwd: example,
    env,
    show: true,
    step: "tscompose up",
    remedy: "its own message above says what to do",
  });
  await waitForPage();
  const here = path.relative(process.cwd(), root) || ".";
  const tscompose = `node ${path.join(here, "dist/cli.js")} -f ${path.join(here, "examples/node-web/docker-compose.yml")}`;
  console.log(`
The page answers:  ${address}
See its logs:      ${tscompose} logs -f
Take it down:      ${tscompose} down`);
});

async function waitForPage() {
  for (const end = Date.now() + 30_000; Date.now() < end; await sleep(100)) {
    const response = await fetch(address, { signal: AbortSignal.timeout(2000) }).catch(() => undefined); // refused until it listens
    if (response?.ok) return;
  }
  throw new StepFailure("the page", `${address} does not answer`, `see its logs: cd ${example} && node ${cli} logs`);
}
