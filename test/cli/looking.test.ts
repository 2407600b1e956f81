// What one sees of a running project, the same as docker compose shows, on one project for all tests.
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { removeProject } from "../harness/clean.ts";
import { startCli } from "../harness/cli.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { hasPeer, peer } from "../harness/peer.ts";
import { openProject, type TestProject } from "../harness/project.ts";
import { openEngineProxy } from "../harness/proxy.ts";

const files = {
  "compose.yaml": `
services:
  web:
    image: ${testImages.busybox}
    command: [sleep, "1000"]
    stop_grace_period: 0s
    scale: 2
    ports: [ "127.0.0.1::80", "127.0.0.1::53/udp" ]
    expose: [ "7000-7002" ]
    volumes: [ "data:/data", "/anonymous", ".:/src" ]
    labels: { team: "blue <&>" }
    healthcheck: { test: "true", interval: 1h, start_interval: 50ms, start_period: 10s }
  job:
    image: ${testImages.busybox}
    command: [sh, -c, 'exit "3"']
    volumes: [ "other:/other" ]
volumes: { data: {}, other: {} }
`,
};

let project: TestProject;

beforeAll(async () => {
  await ensureImage(testImages.busybox);
  project = await openProject(files);
  await project.succeed("up", "-d", "--wait", "web");
  await project.succeed("up", "-d", "job");
  await project.succeed("wait", "job").catch(() => undefined);
});

afterAll(async () => {
  await removeProject(project.name);
  await project[Symbol.asyncDispose]();
});

/** Exit code, output and message of a command, without this test's names and what differs from run to run. */
async function say(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await project.run(...args);
  const text = [code === 0 ? "" : `exit ${code}\n`, stdout, stderr].join("");
  return text
    .replaceAll(project.name, "PROJECT")
    .replaceAll(/PROJECT(-\d+)? +/g, (name) => name)
    .replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT");
}

describe("ps", () => {
  test("names, states and ports; stopped ones with -a only", async () => {
    expect(await say("ps", "--format", "{{.Name}} {{.Service}} {{.State}} {{.Health}} {{.Ports}}"))
      .toMatchInlineSnapshot(`
      "PROJECT-web-1 web running healthy 0/tcp, 127.0.0.1:PORT->53/udp, 127.0.0.1:PORT->80/tcp
      PROJECT-web-2 web running healthy 0/tcp, 127.0.0.1:PORT->53/udp, 127.0.0.1:PORT->80/tcp
      "
    `);
    expect(await say("ps", "-a", "--format", "{{.Name}} {{.State}} {{.ExitCode}}")).toMatchInlineSnapshot(`
      "PROJECT-job-1 exited 3
      PROJECT-web-1 running 0
      PROJECT-web-2 running 0
      "
    `);
  });

  test("filters", async () => {
    const names = ["--format", "{{.Name}}"];
    expect(await say("ps", "--status", "exited", ...names)).toBe("PROJECT-job-1\n");
    expect(await say("ps", "--filter", "status=running", "web", ...names)).toBe("PROJECT-web-1\nPROJECT-web-2\n");
    expect(await say("ps", "--status", "nosuch", "-q")).toBe("");
    expect(await say("ps", "-a", "--services")).toBe("job\nweb\n");
    expect(await say("ps", "-q", "web")).toMatch(/^[0-9a-f]{64}\n[0-9a-f]{64}\n$/);
    expect(await say("ps", "--no-trunc", "-a", "job", "--format", "{{.ID}} {{.Command}}")).toMatch(
      /^[0-9a-f]{64} "sh -c 'exit \\"3\\"'"\n$/,
    );
  });

  test("no container is looked at one by one", async () => {
    await using proxy = await openEngineProxy();
    const requests = proxy.cutAt(Number.POSITIVE_INFINITY);
    const env = { DOCKER_HOST: proxy.host };
    const { stdout } = await project.runWith({ env }, "ps", "-a", "--format", "{{.Name}} {{.ExitCode}} {{.Health}}");
    expect(stdout.trimEnd().split("\n")).toHaveLength(3);
    const about = requests.flatMap((request) => /containers\/(\S*)json/.exec(request)?.[1] ?? []);
    expect(new Set(about)).toEqual(new Set([""]));
  });

  test("a typo is an error with a suggestion, with and without the file", async () => {
    expect(await say("ps", "wbe")).toBe('exit 1\nerror: no such service: wbe\n  hint: did you mean "web"?\n');
    expect(await say("-f", "compose.yaml", "ps", "wbe")).toMatch(/^exit 1\nerror: no such service: wbe\n/);
  });
});

describe("other views", () => {
  test("port", async () => {
    expect(await say("port", "web", "80")).toBe("127.0.0.1:PORT\n");
    expect(await say("port", "--index", "0", "web", "80")).toBe("127.0.0.1:PORT\n");
    expect(await say("port", "--protocol", "udp", "--index", "2", "web", "53")).toBe("127.0.0.1:PORT\n");
    expect(await say("port", "web", "81")).toMatchInlineSnapshot(`
      "exit 1
      error: no port 81/tcp for container PROJECT-web-1
        hint: it publishes: 53/udp, 80/tcp
      "
    `);
    expect(await say("port", "web", "http")).toMatchInlineSnapshot(`
      "exit 1
      error: "http" is no port
        hint: ports are numbers up to 65535
      "
    `);
    expect(await say("port", "--index", "9", "web", "80")).toMatchInlineSnapshot(`
      "exit 1
      error: service "web" has no container #9
      "
    `);
    expect(await say("port", "job", "80")).toMatchInlineSnapshot(`
      "exit 1
      error: service "job" is not running
        hint: start it with: tscompose up -d job
      "
    `);
  });

  test("top", async () => {
    const lines = (await say("top"))
      .trimEnd()
      .split("\n")
      .map((line) => line.split(/ +/));
    expect(lines.map(([service, number]) => [service, number])).toEqual([
      ["SERVICE", "#"],
      ["web", "1"],
      ["web", "2"],
    ]);
    expect(lines[1]?.slice(-2)).toEqual(["sleep", "1000"]);
    expect(await say("top", "job")).toBe("");
  });

  test("a project that is not there: lists are empty, and verbs that need something fail", async () => {
    const nowhere = ["-p", `${project.name}-not`];
    expect(await say(...nowhere, "ps", "-q")).toBe("");
    expect(await say(...nowhere, "start")).toBe('exit 1\nerror: no container found for project "PROJECT-not"\n');
    expect(await say(...nowhere, "stop", "web")).toMatchInlineSnapshot(`
      "exit 1
      error: no such service: web
        hint: project "PROJECT-not" has no containers and no file
      "
    `);
  });

  test("volumes: all, and those of a service", async () => {
    expect(await say("volumes", "-q")).toBe("PROJECT_data\nPROJECT_other\n");
    expect(await say("-f", "compose.yaml", "volumes", "-q", "web")).toBe("PROJECT_data\n");
    expect(await say("-f", "compose.yaml", "volumes", "-q", "job")).toBe("PROJECT_other\n");
  });

  test("ls: what runs, and with -a what does not", async () => {
    const filter = ["--filter", `name=^${project.name}$`];
    expect(await say("ls", ...filter, "-q")).toBe("PROJECT\n");
    const [listed] = JSON.parse((await project.run("ls", "-a", "--format", "json", ...filter)).stdout) as Record<
      string,
      string
    >[];
    expect(listed).toEqual({
      Name: project.name,
      Status: "exited(1), running(2)",
      ConfigFiles: `${project.folder}/compose.yaml`,
    });
    expect(await say("ls", "--filter", "name=^nosuch$", "--format", "json")).toBe("[]\n");
  });

  // The engine remembers its last 256 events only, and other tests make events, too: who wants all has to listen.
  test("events: as they happen, and what has happened so far", async () => {
    const events = (text: string): readonly Record<string, unknown>[] =>
      text
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    await using proxy = await openEngineProxy();
    const options = { cwd: project.folder, env: { DOCKER_HOST: proxy.host } };
    const listening = await startCli(["-p", project.name, "events", "--json", "job"], options);
    await proxy.answered(/\/events/);
    await project.succeed("up", "-d", "--force-recreate", "--no-deps", "job");
    await listening.waitFor(/"die"/);
    const past = await project.run("events", "--json", "--since", "10m", "--until", "0s", "job");
    listening.kill("SIGINT");
    const { code, stdout } = await listening.ended;
    expect(code).toBe(130);
    const told = events(stdout).filter(({ action }) => /^(create|start|die)$/.test(String(action)));
    expect(told.map(({ action }) => action)).toEqual(["create", "start", "die"]);
    expect(told[2]).toMatchObject({ service: "job", type: "container", attributes: { exitCode: "3" } });
    expect(stdout).not.toContain("com.docker.compose");
    expect(past.code).toBe(0);
    const ids = new Set(told.map(({ id }) => id));
    const remembered = events(past.stdout).filter(({ id, action }) => ids.has(id) && action !== "rename");
    expect(told.slice(told.length - remembered.length)).toEqual(remembered);
  });
});

describe.skipIf(!hasPeer)("the same as docker compose", () => {
  const alike: readonly (readonly string[])[] = [
    ["ps"],
    ["ps", "-a", "--orphans=false"],
    ["ps", "-q"],
    ["ps", "--services"],
    ["ps", "--format", "table {{.Name}}\t{{.Status}}\t{{.Ports}}"],
    ["ls", "--format", "json", "--filter", "name=^PROJECT$"],
    ["images"],
    ["top"],
    ["volumes"],
    ["port", "web", "80"],
  ];

  test.each(alike.map((args) => [args.join(" "), args]))("%s", async (_, given) => {
    const args = given.map((word) => word.replace("PROJECT", project.name));
    // Seconds go by while one runs after the other, and the columns are as wide as what they say of them; volumes come
    // in any order there. Images: CREATED is when the image was made; docker compose 2.40 shows when it was tagged
    // under that name.
    const still = (text: string): string[] =>
      text
        .replaceAll(/(\d+|About an?|Less than a) (second|minute|hour|day|week|month|year)s?/g, "N")
        .replaceAll(/ +$/gm, "")
        .replaceAll(/ {2,}/g, "  ")
        .split("\n")
        .toSorted();
    const [theirs, ours] = await Promise.all([peer(project, ...args), project.run(...args)]);
    expect(still(ours.stdout)).toEqual(still(theirs.stdout));
    expect(ours.code).toBe(theirs.code);
  });

  test.each([["ps -a --format json"], ["volumes --format json"]])("%s", async (line) => {
    const [theirs, ours] = await Promise.all([peer(project, ...line.split(" ")), project.run(...line.split(" "))]);
    const [here, there] = [rows(ours.stdout), rows(theirs.stdout)];
    expect(here.map(normal)).toEqual(there.map(normal));
    // Programs that read line by line are used to this order, too.
    expect(Object.keys(here[0] ?? {})).toEqual(Object.keys(there[0] ?? {}));
  });
});

type Row = Record<string, unknown>;

function rows(text: string): Row[] {
  const all = text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as Row);
  return all.toSorted((one, other) => String(one["Name"]).localeCompare(String(other["Name"])));
}

/** docker compose prints labels and mounts in any order; time goes on. */
function normal(row: Row): Row {
  const sorted = (value: unknown): string[] => String(value).split(",").toSorted();
  const status = String(row["Status"]).replace(/ (\d+|About|Less).*?(second|minute)s?/, "");
  return { ...row, Labels: sorted(row["Labels"]), Mounts: sorted(row["Mounts"]), RunningFor: "", Status: status };
}
