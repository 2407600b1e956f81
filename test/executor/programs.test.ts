// Providers and models: programs of others, here shell scripts that speak their protocol.
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { withModels, withProvided } from "../../src/actions/environment.ts";
import { fakeEngine } from "../harness/fake-engine.ts";
import { load, perform, planFor } from "../harness/stage.ts";

/** A folder with docker plugins in it, whose environment finds them. */
async function plugins(scripts: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(path.join(tmpdir(), "tscompose-plugins-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(path.join(folder, "cli-plugins"));
  for (const [name, script] of Object.entries(scripts)) {
    const file = path.join(folder, "cli-plugins", name);
    await writeFile(file, `#!/bin/sh\necho "$@" >> ${folder}/calls\n${script}\n`);
    await chmod(file, 0o755);
  }
  const calls = async (): Promise<readonly string[]> =>
    (await readFile(path.join(folder, "calls"), "utf8")).trim().split("\n");
  return { environment: { DOCKER_CONFIG: folder, PATH: process.env["PATH"] ?? "" }, calls };
}

const web = { image: "busybox", command: ["sleep", "infinity"] };

test("a provider is told the project, the options and the service; what it sets is for those who depend on it", async () => {
  const { environment, calls } = await plugins({
    "docker-cloud": `echo '{"type":"info","message":"making a database"}'
echo '{"type":"setenv","message":"URL=https://db?a=b"}'
echo '{"type":"rawsetenv","message":"REGION=here"}'`,
  });
  const project = await load(
    {
      services: {
        web: { ...web, environment: { DB_URL: "from the file" }, depends_on: ["my-db"] },
        other: web,
        "my-db": { provider: { type: "cloud", options: { size: "big", tag: ["a", "b"] } } },
      },
    },
    { environment },
  );
  const engine = fakeEngine();
  const { execution, events, error } = await perform(engine, project, { plan: await planFor(engine, project) });
  expect(error).toBeUndefined();
  expect(await calls()).toEqual(["compose --project-name=p up --size=big --tag=a --tag=b my-db"]);
  expect(events.flatMap((event) => (event.kind === "step.progress" ? [event.text] : []))).toContain(
    "making a database",
  );
  const changed = withProvided(project, execution?.provided ?? new Map());
  expect(changed.services.get("web")?.environment).toEqual(
    new Map([
      ["DB_URL", "from the file"],
      ["MY_DB_URL", "https://db?a=b"],
      ["REGION", "here"],
    ]),
  );
  expect(changed.services.get("other")).toBe(project.services.get("other"));
});

test("a provider that fails, or that is not there, by its name and its own words", async () => {
  const { environment } = await plugins({ "docker-cloud": `echo '{"type":"error","message":"no credit"}'; exit 1` });
  const failuresOf = async (type: string): Promise<readonly string[]> => {
    const project = await load({ services: { db: { provider: { type } } } }, { environment });
    const engine = fakeEngine();
    return (await perform(engine, project, { plan: await planFor(engine, project) })).failures;
  };
  expect(await failuresOf("cloud")).toEqual(['service db | provider "cloud" of service "db" failed: no credit']);
  expect(await failuresOf("nosuch")).toEqual([
    'service db | no program provides "nosuch": neither a docker plugin docker-nosuch nor nosuch on the PATH',
  ]);
});

const llm = {
  services: { web: { ...web, models: { "my-llm": null, other: { model_var: "M", endpoint_var: "E" } } } },
  models: { "my-llm": { model: "ai/x", context_size: 1024, runtime_flags: ["--flag"] }, other: { model: "ai/here" } },
} as never;

test("what a provider prints besides the protocol is shown as it is, JSON of its own too", async () => {
  const printed = ["null", "42", '{"level":"info","msg":"connecting"}', '{"type":"setenv"}', "done"];
  const { environment } = await plugins({ "docker-cloud": printed.map((line) => `echo '${line}'`).join("\n") });
  const project = await load({ services: { db: { provider: { type: "cloud" } } } }, { environment });
  const engine = fakeEngine();
  const { error, events } = await perform(engine, project, { plan: await planFor(engine, project) });
  expect(error).toBeUndefined();
  expect(events.flatMap((event) => (event.kind === "step.progress" ? [event.text] : []))).toEqual(printed);
});

test("a model is pulled if it is not here, configured, and its address goes to the services", async () => {
  const { environment, calls } = await plugins({
    "docker-model": `case $1 in ls) echo '[{"tags":["ai/here"]}]';; status) echo '{"endpoint":"http://models/v1/"}';; esac`,
  });
  const project = await load(llm, { environment });
  const engine = fakeEngine();
  const { execution, error } = await perform(engine, project, { plan: await planFor(engine, project) });
  expect(error).toBeUndefined();
  const called = await calls();
  expect(called).toContain("pull ai/x");
  expect(called).not.toContain("pull ai/here");
  expect(called).toContain("configure --context-size 1024 ai/x -- --flag");
  expect(withModels(project, execution?.endpoints ?? new Map()).services.get("web")?.environment).toEqual(
    new Map([
      ["MY_LLM_MODEL", "ai/x"],
      ["MY_LLM_URL", "http://models/v1/"],
      ["M", "ai/here"],
      ["E", "http://models/v1/"],
    ]),
  );
});

test("without the plugin nobody waits for a model", async () => {
  const project = await load(llm, { environment: { DOCKER_CONFIG: "/nowhere" } });
  const engine = fakeEngine();
  const { failures, skipped } = await perform(engine, project, { plan: await planFor(engine, project) });
  // Both at once: either may be the first.
  expect(failures.toSorted()[0]).toContain('model "my-llm" needs the docker model plugin');
  expect(skipped[0]).toContain("container p-web-1");
});
