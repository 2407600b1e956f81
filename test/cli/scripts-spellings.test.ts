// What scripts for docker compose write, on purpose or because a variable of theirs is empty.
import { beforeAll, expect, test } from "vitest";

import { ensureImage, testImages } from "../harness/images.ts";
import { openProject } from "../harness/project.ts";

beforeAll(() => ensureImage(testImages.busybox));

const files = {
  "compose.yaml": `services: { web: { image: "${testImages.busybox}", command: sh -c "echo one; sleep 1000", init: true, ports: ["127.0.0.1::53/udp"] } }`,
};

test("empty values are as if they were not there, and names are known in every case", async () => {
  await using project = await openProject(files);
  await project.succeed("up", "-d");
  const name = project.container("web-1");
  expect(await project.succeed("ps", "--filter=", "--format", "{{.Name}}")).toBe(`${name}\n`);
  expect(await project.succeed("ls", "--filter=", "--format", "pretty")).toMatch(/^NAME +STATUS +CONFIG FILES\n/);
  expect(await project.succeed("images", "--format", "pretty")).toContain(name);
  expect(await project.succeed("port", "--protocol=UDP", "web", "53")).toMatch(/^127\.0\.0\.1:\d+\n$/);
  const logs = await project.succeed("logs", "--since=", "--until=", "--tail=", "--no-log-prefix", "web");
  expect(logs).toBe("one\n");
});

test("a variable without a name is a mistake, before anything is made", async () => {
  await using project = await openProject(files);
  await project.succeed("up", "-d");
  const said = 'error: invalid environment variable: "=x"\n  hint: write NAME=VALUE, or NAME\n';
  for (const verb of [["exec"], ["run", "--rm"]]) {
    const { code, stderr } = await project.run(...verb, "-e", "=x", "web", "true");
    expect([code, stderr]).toEqual([1, said]);
  }
});

test("what is neither true nor false is said of its flag", async () => {
  await using project = await openProject(files);
  const { code, stderr } = await project.run("ps", "--all=perhaps");
  expect([code, stderr]).toEqual([1, 'error: invalid value "perhaps" for --all: neither true nor false\n']);
});

test("--verbose says which files and which engine, and leaves the output alone", async () => {
  await using project = await openProject(files);
  await project.succeed("create");
  const { stdout, stderr } = await project.run("--verbose", "-f", "compose.yaml", "ps", "-aq", "web");
  expect(stdout).toMatch(/^[0-9a-f]{64}\n$/);
  const [asked, loaded, ...rest] = stderr.trimEnd().split("\n").toSorted();
  expect(asked).toMatch(/^engine \S+ \(linux\) at \S+, API 1\.\d+$/);
  expect(loaded).toMatch(/^project \S+ from \S+compose\.yaml$/);
  expect(loaded).toContain(project.name);
  expect(rest).toEqual([]);
});
