// One container for one command: what it has, what is brought up for it, what it says, how it ends, and what is left.
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { open } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";

import { removeProject } from "../harness/clean.ts";
import { builtCli } from "../harness/cli.ts";
import { call, containersOf, type ContainerState, inspectContainer } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { hasPeer, peer } from "../harness/peer.ts";
import { openProject, type TestProject } from "../harness/project.ts";

const files = {
  "compose.yaml": `
services:
  db:
    image: ${testImages.busybox}
    command: [sleep, "1000"]
    stop_grace_period: 0s
    healthcheck: { test: "true", interval: 1h, start_interval: 50ms, start_period: 10s }
  migrate:
    image: ${testImages.busybox}
    command: [sh, -c, "echo migrated > /data/mark"]
    volumes: [ "data:/data" ]
    depends_on: { db: { condition: service_healthy } }
  web:
    image: ${testImages.busybox}
    container_name: PROJECT-fixed
    command: [sh, -c, "echo own command"]
    environment: { ONE: file, TWO: file }
    labels: { team: blue }
    restart: always
    ports: [ "127.0.0.1::80" ]
    volumes: [ "data:/data" ]
    cap_drop: [ MKNOD ]
    networks: { default: { aliases: [ www ] } }
    depends_on:
      db: { condition: service_healthy }
      migrate: { condition: service_completed_successfully }
  tool:
    profiles: [ tools ]
    image: ${testImages.busybox}
    entrypoint: [ echo, entry ]
    command: [ own ]
  hooked:
    image: ${testImages.busybox}
    command: [ sh, -c, "until [ -s /tmp/hook ]; do sleep 0.1; done; cat /tmp/hook" ]
    post_start: [ { command: [ sh, -c, "echo hooked > /tmp/hook" ] } ]
  secretive:
    image: ${testImages.busybox}
    secrets: [ word ]
    command: [ cat, /run/secrets/word ]
  inside:
    image: ${testImages.busybox}
    network_mode: service:db
    command: [ hostname ]
volumes: { data: {} }
secrets: { word: { environment: WORD } }
`,
  "vars.env": "ONE=envfile\nTHREE=envfile\n",
  "here/file": "from here",
};

let project: TestProject;

beforeAll(async () => {
  await ensureImage(testImages.busybox);
  project = await openProject({});
  await project.write({ ...files, "compose.yaml": files["compose.yaml"].replace("PROJECT", project.name) });
  await project.succeed("up", "-d", "migrate");
});

afterAll(async () => {
  await removeProject(project.name);
  await project[Symbol.asyncDispose]();
});

afterEach(removeOneOffs);

async function oneOffs(): Promise<readonly ContainerState[]> {
  return (await containersOf(project.name)).filter(
    ({ Config }) => Config.Labels["com.docker.compose.oneoff"] === "True",
  );
}

/** Runs detached under a name, and looks at what was made. */
async function made(name: string, ...args: string[]): Promise<ContainerState> {
  const full = `${project.name}-${name}`;
  await project.succeed("run", "-d", "--rm", "--name", full, ...args);
  const found = await inspectContainer(full);
  if (found === undefined) throw new Error(`${full} is not there`);
  return found;
}

describe("what is brought up for it", () => {
  test("dependencies, as far as they have to be; the command's own container is no news", async () => {
    await project.succeed("down", "-v");
    const { code, stdout, stderr } = await project.run("run", "--rm", "web", "cat", "/data/mark");
    expect({ code, stdout }).toEqual({ code: 0, stdout: "migrated\n" });
    const said = stderr.replaceAll(project.name, "P").replaceAll(/ +/g, " ").split("\n");
    const order = [" Container P-db-1 Healthy", " Container P-migrate-1 Starting", " Container P-migrate-1 Exited"];
    expect(said.filter((line) => order.includes(line))).toEqual(order);
    expect(stderr).not.toContain("-run-");
    const left = await containersOf(project.name);
    expect(left.map(({ Name }) => Name.replace(project.name, "P"))).toEqual(["P-db-1", "P-migrate-1"]);
  });

  test("nothing with --no-deps", async () => {
    await using alone = await openProject({ "compose.yaml": files["compose.yaml"] });
    expect(await alone.succeed("run", "--rm", "--no-deps", "web")).toBe("own command\n");
    expect(await containersOf(alone.name)).toEqual([]);
  });

  test("a dependency that fails ends it, and no container is made", async () => {
    await using broken = await openProject({
      "compose.yaml": `services:
  job: { image: ${testImages.busybox}, command: [ "false" ] }
  web: { image: ${testImages.busybox}, command: [ "true" ], depends_on: { job: { condition: service_completed_successfully } } }
`,
    });
    const { code, stderr } = await broken.run("run", "web");
    expect(code).toBe(1);
    expect(stderr).toContain("didn't complete successfully");
    expect((await containersOf(broken.name)).map(({ Name }) => Name)).toEqual([`${broken.name}-job-1`]);
  });

  test("many at once, each its own", async () => {
    const runs = ["a", "b", "c"].map((word) => project.run("run", "--rm", "-q", "tool", word));
    expect((await Promise.all(runs)).map(({ stdout }) => stdout)).toEqual(["entry a\n", "entry b\n", "entry c\n"]);
  });

  test("a dry run makes nothing, and says what it would", async () => {
    const { code, stdout } = await project.run("--dry-run", "run", "web");
    expect(code).toBe(0);
    expect(stdout).toMatch(/\+ create {2}container tst-\S+-web-run-[0-9a-f]{12} {2}for one command/);
    expect(await oneOffs()).toEqual([]);
  });
});

describe("what it has", () => {
  test("name and labels of a one-off, no number, no restarts, no ports", async () => {
    const id = (await project.succeed("run", "-d", "web", "sleep", "100")).trim();
    const [container] = await oneOffs();
    expect(container?.Id).toBe(id);
    const labels = container?.Config.Labels ?? {};
    const slug = labels["com.docker.compose.slug"] ?? "";
    expect(slug).toMatch(/^[0-9a-f]{64}$/);
    expect(container?.Name).toBe(`${project.name}-web-run-${slug.slice(0, 12)}`);
    expect(labels["com.docker.compose.container-number"]).toBeUndefined();
    expect(labels["team"]).toBe("blue");
    expect(container?.HostConfig["RestartPolicy"]).toMatchObject({ Name: "no" });
    expect(container?.HostConfig["PortBindings"] ?? {}).toEqual({});
    expect(container?.NetworkSettings.Networks[`${project.name}_default`]?.Aliases).toEqual([container?.Name]);
  });

  test("-P: the service's ports; -p: others", async () => {
    const own = await made("ports", "-P", "web", "sleep", "100");
    expect(own.HostConfig["PortBindings"]).toEqual({ "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "" }] });
    const others = await made("port", "-p", "127.0.0.1::90/udp", "-p", "91", "web", "sleep", "100");
    expect(others.HostConfig["PortBindings"]).toEqual({
      "90/udp": [{ HostIp: "127.0.0.1", HostPort: "" }],
      "91/tcp": [{ HostIp: "", HostPort: "" }],
    });
    expect((await project.run("run", "-P", "-p", "1:2", "web")).stderr).toMatch(
      /^error: --service-ports and --publish are incompatible/,
    );
  });

  test("user, folder, capabilities, labels, aliases", async () => {
    const flags = [
      "-u",
      "5:6",
      "-w",
      "/tmp",
      "--cap-add",
      "MKNOD",
      "--cap-drop",
      "CHOWN",
      "-l",
      "team=red",
      "-l",
      "a=b",
    ];
    const container = await made("flags", ...flags, "--use-aliases", "web", "sleep", "100");
    expect(container.Config).toMatchObject({ User: "5:6", WorkingDir: "/tmp" });
    expect(container.Config.Labels).toMatchObject({ team: "red", a: "b" });
    expect(container.HostConfig).toMatchObject({ CapAdd: ["CAP_MKNOD"], CapDrop: ["CAP_CHOWN"] });
    const aliases = container.NetworkSettings.Networks[`${project.name}_default`]?.Aliases;
    expect(aliases).toEqual([container.Name.slice(1), "web", "www"]);
  });

  test("variables: -e over files of variables over the service's own; a name alone is ours", async () => {
    const show = ["sh", "-c", "echo $ONE,$TWO,$THREE,$FOUR,$FIVE"];
    const set = ["--env-from-file", "vars.env", "-e", "THREE=flag", "-e", "FOUR", "-e", "FIVE"];
    const ran = await project.runWith({ env: { FOUR: "ours" } }, "run", "--rm", "--no-deps", ...set, "web", ...show);
    expect(ran.stdout).toBe("envfile,file,flag,ours,\n");
  });

  test("volumes: from where one is, and those of the project by their names", async () => {
    await project.succeed("run", "--rm", "--no-deps", "-v", "data:/mine", "tool");
    const mounts = ["-v", "./here:/here:ro", "-v", "data:/mine", "-v", "/scratch"];
    const container = await made("mounts", "--no-deps", ...mounts, "--entrypoint", "sleep 100", "tool");
    const found = container.Mounts.map(({ Type, Name, Source, Destination }) =>
      Type === "bind" ? `${Source} ${Destination}` : `${Name?.length === 64 ? "anonymous" : Name} ${Destination}`,
    );
    expect(found.toSorted()).toEqual(
      [`${project.folder}/here /here`, `${project.name}_data /mine`, "anonymous /scratch"].toSorted(),
    );
  });

  test.each([
    [["tool"], "entry own\n"],
    [["tool", "a", "b c"], "entry a b c\n"],
    [["--entrypoint", "sh -c 'echo \"$0\"'", "tool"], "sh\n"],
    [["--entrypoint", "sh -c 'echo \"$0\"'", "tool", "x y"], "x y\n"],
    [["--entrypoint", "", "tool", "echo", "bare"], "bare\n"],
    [["tool", "--rm", "-e", "x"], "entry --rm -e x\n"],
  ])("command line %j", async (args, output) => {
    const ran = await project.run("run", "--rm", ...args);
    expect(ran).toEqual({ code: 0, stdout: output, stderr: "" });
  });

  test("secrets, namespaces of others, hooks after the start", async () => {
    expect((await project.runWith({ env: { WORD: "psst" } }, "run", "--rm", "secretive")).stdout).toBe("psst");
    const db = await inspectContainer(project.container("db-1"));
    expect(await project.succeed("run", "--rm", "--no-deps", "inside")).toBe(`${db?.Id.slice(0, 12)}\n`);
    expect(await project.succeed("run", "--rm", "hooked")).toBe("hooked\n");
  });
});

describe("how it ends", () => {
  test.each([
    [["sh", "-c", "exit 7"], 7],
    [["true"], 0],
  ])("%j: %d, and nothing is left with --rm", async (command, expected) => {
    expect((await project.run("run", "--rm", "--no-deps", "web", ...command)).code).toBe(expected);
    expect(await oneOffs()).toEqual([]);
  });

  test("a command that is not there: the engine's reason, and nothing is left with --rm", async () => {
    const { code, stderr } = await project.run("run", "--rm", "--no-deps", "web", "nosuch");
    expect(code).toBe(1);
    expect(stderr).toContain('there is no program "nosuch" in the image');
    expect(await oneOffs()).toEqual([]);
  });

  test("without --rm the container stays, and the orphans' broom takes it", async () => {
    await project.succeed("run", "--no-deps", "--name", `${project.name}-kept`, "web");
    expect((await inspectContainer(`${project.name}-kept`))?.State).toMatchObject({ Status: "exited", ExitCode: 0 });
    await project.succeed("run", "--rm", "--no-deps", "--remove-orphans", "web");
    expect(await oneOffs()).toEqual([]);
  });

  test.each([
    ["SIGTERM", "trap 'echo told; exit 5' TERM", 5],
    ["SIGINT", "trap 'echo told; exit 6' INT", 6],
    ["SIGUSR1", "trap 'echo told; exit 8' USR1", 8],
  ] as const)("%s is passed on, and the command's code is ours", async (signal, trap, expected) => {
    const script = `${trap}; echo ready; while :; do sleep 0.1; done`;
    const running = await project.start("run", "--rm", "--no-deps", "web", "sh", "-c", script);
    await running.waitFor(/ready/);
    running.kill(signal);
    const { code, stdout } = await running.ended;
    expect({ code, stdout }).toEqual({ code: expected, stdout: "ready\ntold\n" });
    expect(await oneOffs()).toEqual([]);
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s, and the command is deaf: it is killed after its time",
    async (signal) => {
      await project.write({ "short.yaml": "services: { tool: { stop_grace_period: 1s } }" });
      const start = ["-f", "compose.yaml", "-f", "short.yaml", "run", "--rm", "--entrypoint", "sh -c"];
      const running = await project.start(...start, "tool", "echo ready; exec sleep 100");
      await running.waitFor(/ready/);
      const began = Date.now();
      running.kill(signal);
      expect((await running.ended).code).toBe(137);
      expect(Date.now() - began).toBeGreaterThan(900);
      expect(await oneOffs()).toEqual([]);
    },
  );

  test("the third Ctrl-C kills at once", async () => {
    const running = await project.start("run", "--rm", "--no-deps", "web", "sh", "-c", "echo ready; exec sleep 100");
    await running.waitFor(/ready/);
    for (let times = 0; times < 3; times += 1) {
      running.kill("SIGINT");
      await sleep(100);
    }
    expect((await running.ended).code).toBe(137);
    expect(await oneOffs()).toEqual([]);
  });
});

describe("what goes through it", () => {
  test("what it says first and last, each on its stream", async () => {
    const script = "echo first; echo complaint >&2; echo last";
    for (let times = 0; times < 5; times += 1) {
      const ran = await project.run("run", "--rm", "tool", "x");
      expect(ran.stdout).toBe("entry x\n");
    }
    const ran = await project.run("run", "-q", "--rm", "web", "sh", "-c", script);
    expect(ran).toEqual({ code: 0, stdout: "first\nlast\n", stderr: "complaint\n" });
  });

  test("a pipe: its bytes, and its end", async () => {
    const { stdout } = await project.runWith(
      { stdin: "x\n" },
      "run",
      "--rm",
      "-T",
      "--no-deps",
      "web",
      "sh",
      "-c",
      "cat; echo end",
    );
    expect(stdout).toBe("x\nend\n");
    const deaf = ["run", "--rm", "--no-deps", "--interactive=false", "web", "sh", "-c", "cat; echo end"];
    expect(await project.runWith({ stdin: "x\n" }, ...deaf)).toEqual({ code: 0, stdout: "end\n", stderr: "" });
  });

  test("nobody reads it any more: it ends, and so does the container", async () => {
    const args = ["-p", project.name, "run", "--rm", "--no-deps", "web", "yes"];
    const child = spawn(process.execPath, [await builtCli(), ...args], { cwd: project.folder });
    child.stdout.once("data", () => child.stdout.destroy());
    expect(await new Promise((settle) => child.on("close", settle))).toBe(141);
    expect(await oneOffs()).toEqual([]);
  });

  test("a command that does not read all of it", async () => {
    const child = spawn(process.execPath, [await builtCli(), "-p", project.name, "exec", "-T", "db", "head", "-1"]);
    child.stdin.on("error", () => undefined).write("first\n");
    const endless = setInterval(() => child.stdin.write("more\n".repeat(10_000)), 1);
    let said = "";
    child.stdout.on("data", (text: Buffer) => (said += text.toString()));
    expect(await new Promise((settle) => child.on("close", settle))).toBe(0);
    clearInterval(endless);
    expect(said).toBe("first\n");
  });

  test("a file on standard input, in order to its last line", async () => {
    const lines = Array.from({ length: 400_000 }, (_, index) => `insert into numbers values (${index});`);
    await project.write({ "dump.sql": `${lines.join("\n")}\n` });
    const dump = await open(path.join(project.folder, "dump.sql"));
    const script = "cat > /tmp/dump; tail -n 1 /tmp/dump; md5sum < /tmp/dump";
    const args = ["-p", project.name, "exec", "-T", "db", "sh", "-c", script];
    const child = spawn(process.execPath, [await builtCli(), ...args], { stdio: [dump.fd, "pipe", "inherit"] });
    let said = "";
    child.stdout?.on("data", (text: Buffer) => (said += text.toString()));
    expect(await new Promise((settle) => child.on("close", settle))).toBe(0);
    await dump.close();
    const sum = createHash("md5")
      .update(`${lines.join("\n")}\n`)
      .digest("hex");
    expect(said).toBe(`${lines.at(-1)}\n${sum}  -\n`);
  });

  test.each(["exec", "run"] as const)("20 MB through %s, there and back", async (verb) => {
    const data = randomBytes(20_000_000);
    const args = verb === "exec" ? ["exec", "-T", "db", "cat"] : ["run", "--rm", "-T", "--no-deps", "web", "cat"];
    const child = spawn(process.execPath, [await builtCli(), "-p", project.name, ...args], { cwd: project.folder });
    child.stdin.end(data);
    child.stderr.resume();
    const hash = createHash("sha256");
    child.stdout.on("data", (chunk: Buffer) => hash.update(chunk));
    expect(await new Promise((settle) => child.on("close", settle))).toBe(0);
    expect(hash.digest("hex")).toBe(createHash("sha256").update(data).digest("hex"));
  });
});

describe("what cannot be", () => {
  test.each([
    [["nosuch"], /^error: no such service: nosuch/],
    [["-p", "zz", "web"], /^error: --publish: /],
    [["-l", "novalue", "web"], /^error: the label "novalue" has no value/],
    [["--env-from-file", "nosuch.env", "web"], /^error: env file "nosuch.env" is not there/],
    [["--pull", "bogus", "web"], /^error: .*bogus/],
    [[], /^error: run needs SERVICE/],
  ])("%j", async (args, complaint) => {
    const { code, stderr } = await project.run("run", ...args);
    expect(code).toBe(1);
    expect(stderr).toMatch(complaint);
    expect(await oneOffs()).toEqual([]);
  });

  test("a name that is taken, before anything is done", async () => {
    const { code, stderr } = await project.run("run", "--name", project.container("db-1"), "web");
    expect(code).toBe(1);
    expect(stderr.replaceAll(project.name, "P")).toContain('the name "P-db-1", which service "web" wants, is taken');
  });
});

test.skipIf(!hasPeer)("docker compose makes the same container", async () => {
  const args = [
    "run",
    "-d",
    "--no-deps",
    "--name",
    `${project.name}-twin`,
    "-e",
    "ONE=x",
    "-v",
    "/tmp:/t",
    "web",
    "sleep",
    "9",
  ];
  const shown = async (): Promise<unknown> => {
    const found = await inspectContainer(`${project.name}-twin`);
    await removeOneOffs();
    const { Config, HostConfig, Mounts = [] } = found ?? {};
    const labels = { ...Config?.Labels, "com.docker.compose.slug": "" };
    const mounts = Mounts.map(({ Type, Source, Destination }) => `${Type} ${Source} ${Destination}`).toSorted();
    // Nothing and an empty list are the same to the engine, and docker compose's binds come in any order.
    const host = Object.entries(HostConfig ?? {})
      .filter(([, value]) => JSON.stringify(value ?? []).length > 2)
      .map(([key, value]) => [
        key,
        key === "Binds" ? (value as readonly string[]).map(String).toSorted(byText) : value,
      ]);
    return { ...Config, Hostname: "", Env: Config?.Env.toSorted(), Labels: labels, host, mounts };
  };
  await project.succeed(...args);
  const ours = await shown();
  expect((await peer(project, ...args)).code).toBe(0);
  expect(ours).toEqual(await shown());
});

async function removeOneOffs(): Promise<void> {
  for (const { Id } of await oneOffs()) await call("DELETE", `/containers/${Id}?force=1&v=1`);
}

function byText(one: string, other: string): number {
  return one < other ? -1 : 1;
}
