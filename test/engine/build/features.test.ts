// Every part of a build section on a real engine, and the same project built by docker compose: the same image config and
// the same layers, which it also finds in the cache that our build has filled.
import { once } from "node:events";
import { link, readFile, writeFile } from "node:fs/promises";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";

import { beforeAll, describe, expect, onTestFinished, test } from "vitest";

import { call, get } from "../../harness/engine-api.ts";
import { openGitServer } from "../../harness/git-server.ts";
import { ensureImage, testImages } from "../../harness/images.ts";
import { hasPeer, peer } from "../../harness/peer.ts";
import { openProject, type TestProject } from "../../harness/project.ts";
import { openRegistry, registryLogin } from "../../harness/registry.ts";

beforeAll(async () => {
  await ensureImage(testImages.busybox);
});

interface Built {
  readonly Config: { readonly Labels: Readonly<Record<string, string>>; readonly Env: readonly string[] };
  readonly RootFS: object;
  readonly Architecture: string;
  readonly RepoTags: readonly string[];
}

async function image(name: string): Promise<Pick<Built, "Config" | "RootFS" | "Architecture">> {
  const { Config, RootFS, Architecture } = await get<Built>(`/images/${name}/json`);
  return { Config, RootFS, Architecture };
}

/** Builds with both; what our build printed. */
async function buildTwice(project: TestProject, services: readonly string[] = ["app"]): Promise<string> {
  const ours = await project.run("build");
  expect(ours.stderr).toContain("Built");
  expect(ours.code).toBe(0);
  if (!hasPeer) return ours.stderr;
  const names = services.map((service) => `${project.name}-${service}`);
  const before = await Promise.all(names.map(image));
  const theirs = await peer(project, "build");
  expect(theirs).toMatchObject({ code: 0 });
  expect(await Promise.all(names.map(image))).toEqual(before);
  return ours.stderr;
}

/** What the build of one service printed; others go on at the same time. */
function printed(log: string, service = "app"): string {
  const start = new RegExp(`^ Image \\S+[-/]${service}(:1)? {2}`);
  const lines = log.split("\n").filter((line) => start.test(line));
  return ["", ...lines.map((line) => line.replace(start, "")), ""].join("\n");
}

/** What the engine has cached of an earlier run of the tests prints nothing. */
const from = `FROM ${testImages.busybox}\nENV TEST_RUN=${process.pid}.${Date.now()}`;
/** The same between double quotes of YAML. */
const quoted = from.replace("\n", "\\n");

describe("a build section", () => {
  test("stages, arguments, labels, tags", async () => {
    await using project = await openProject({
      "compose.yaml": `
services:
  app:
    build:
      context: .
      target: wanted
      args: { WHO: you, FROM_ENV: }
      labels: { made.by: test }
      tags: ["\${COMPOSE_PROJECT_NAME}-app:second"]
`,
      ".env": "FROM_ENV=set in .env",
      Dockerfile: `FROM ${testImages.busybox} AS wanted\nENV TEST_RUN=${process.pid}.${Date.now()}\nARG WHO=nobody FROM_ENV\nENV WHO=$WHO\nRUN echo "hello $WHO, $FROM_ENV"\nFROM wanted\nRUN exit 1\n`,
    });
    expect(printed(await buildTwice(project))).toContain("\nhello you, set in .env\n");
    const { Config } = await image(`${project.name}-app:second`);
    expect(Config.Env).toContain("WHO=you");
    expect(Config.Labels).toMatchObject({
      "made.by": "test",
      "com.docker.compose.project": project.name,
      "com.docker.compose.service": "app",
      "com.docker.compose.version": "2.40.3",
    });
  });

  test("an inline Dockerfile, another one, and one above the context", async () => {
    await using project = await openProject({
      "compose.yaml": `
services:
  inline: { build: { context: context, dockerfile_inline: "${quoted}\\nCOPY . /all\\n" } }
  other: { build: { context: context, dockerfile: sub/Other.Dockerfile } }
  above: { build: { context: context, dockerfile: ../Above.Dockerfile } }
`,
      "context/file": "content",
      "context/sub/Other.Dockerfile": `${from}\nCOPY . /all\n`,
      "context/sub/Other.Dockerfile.dockerignore": "sub",
      "Above.Dockerfile": `${from}\nCOPY file /\n`,
    });
    await buildTwice(project, ["inline", "other", "above"]);
    expect(await filesOf(project, "inline", "/all")).toBe(
      "/all/file\n/all/sub/Other.Dockerfile\n/all/sub/Other.Dockerfile.dockerignore\n",
    );
    expect(await filesOf(project, "other", "/all")).toBe("/all/file\n");
  });

  test("a .dockerignore file with exceptions, links, and modes", async () => {
    await using project = await openProject({
      "compose.yaml": "services: { app: { build: . } }",
      ".dockerignore": "# comment\n**/*.log\n!keep.log\nout\n!out/but/this\n",
      Dockerfile: `${from}\nCOPY . /all\nRUN find /all | sort\n`,
      "a/b.log": "",
      "keep.log": "",
      "out/x": "",
      "out/but/this": "",
      "grüße/ß": "",
    });
    expect(printed(await buildTwice(project))).toContain(
      [
        "",
        "/all",
        "/all/.dockerignore",
        "/all/Dockerfile",
        "/all/a",
        "/all/compose.yaml",
        "/all/grüße",
        "/all/grüße/ß",
        "/all/keep.log",
        "/all/out",
        "/all/out/but",
        "/all/out/but/this",
        "",
      ].join("\n"),
    );
  });

  test("hard links come as they are, also when the engine has them already", async () => {
    await using project = await openProject({
      "compose.yaml": "services: { app: { build: ./context } }",
      "context/Dockerfile": `${from}\nCOPY . /all\nRUN cd /all && ls -A . folder && stat -c %h first\n`,
      "context/first": "",
      "context/folder/other": "",
    });
    await link(path.join(project.folder, "context/first"), path.join(project.folder, "context/folder/second"));
    for (const cache of [[], ["--no-cache"], ["--no-cache"]]) {
      const { code, stderr } = await project.run("build", ...cache);
      expect([code, printed(stderr)]).toEqual([0, expect.stringContaining("second\n2\n")]);
      expect(stderr).not.toContain(".tmp.");
    }
  });

  test("a name that is not UTF-8 is said, unless it is ignored", async () => {
    await using project = await openProject({
      "compose.yaml": "services: { app: { build: . } }",
      Dockerfile: `${from}\nCOPY . /all\nRUN ls /all\n`,
    });
    await writeFile(Buffer.concat([Buffer.from(`${project.folder}/odd`), Buffer.from([0xff])]), "");
    const { code, stderr } = await project.run("build");
    expect([code, stderr.trim().split("\n").at(-1)]).toEqual([
      1,
      `error: image ${project.name}-app: the name of ${project.folder}/odd\uFFFD is not UTF-8: rename it, or ignore it in .dockerignore`,
    ]);
    await project.write({ ".dockerignore": "odd*" });
    expect(printed(await buildTwice(project))).toContain("\nDockerfile\ncompose.yaml\n");
  });

  test("secrets of files and of the environment", async () => {
    await using project = await openProject({
      "compose.yaml": `
services:
  app: { build: { context: ., secrets: [file, { source: variable, target: renamed }] } }
secrets:
  file: { file: ./secret.txt }
  variable: { environment: SECRET_OF_TEST }
`,
      ".env": "SECRET_OF_TEST=from the environment",
      "secret.txt": "from a file",
      Dockerfile: [
        from,
        "RUN --mount=type=secret,id=file,uid=12,gid=34,mode=0440 \\",
        "  stat -c '%u %g %a' /run/secrets/file && cat /run/secrets/file && echo",
        "RUN --mount=type=secret,id=renamed,env=IT test \"$IT\" = 'from the environment' && echo matches",
        "RUN --mount=type=secret,id=absent echo not required",
      ].join("\n"),
    });
    const ran = await project.run("build");
    expect(ran.code).toBe(0);
    expect(printed(ran.stderr)).toContain("\n12 34 440\nfrom a file\n");
    expect(printed(ran.stderr)).toContain("\nmatches\n");
    await project.write({ Dockerfile: `${from}\nRUN --mount=type=secret,id=absent,required=true true\n` });
    const failed = await project.run("build");
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain('wants the secret "absent"');
  });

  test("SOURCE_DATE_EPOCH of whoever builds dates image and files; the project's own goes first", async () => {
    await using project = await openProject({
      "compose.yaml": `
services:
  app: { build: { context: ., dockerfile_inline: "${quoted}\\nARG SOURCE_DATE_EPOCH\\nRUN echo at $$SOURCE_DATE_EPOCH" } }
  own: { build: { context: ., dockerfile_inline: "${quoted}", args: { SOURCE_DATE_EPOCH: "86400" } } }
`,
    });
    const env = { SOURCE_DATE_EPOCH: "1000000000" };
    const ran = await project.runWith({ env }, "build");
    expect(printed(ran.stderr)).toContain("\nat 1000000000\n");
    const created = async (service: string): Promise<string> =>
      (await get<{ readonly Created: string }>(`/images/${project.name}-${service}/json`)).Created;
    const dates = ["2001-09-09T01:46:40Z", "1970-01-02T00:00:00Z"];
    expect(await Promise.all(["app", "own"].map(created))).toEqual(dates);
    if (!hasPeer) return;
    expect(await peer({ ...project, env }, "build", "--no-cache")).toMatchObject({ code: 0 });
    expect(await Promise.all(["app", "own"].map(created))).toEqual(dates);
  });

  test("hosts, shared memory, limits, network", async () => {
    await using project = await openProject({
      "compose.yaml": `
services:
  app:
    build:
      context: .
      extra_hosts: ["gateway:host-gateway", "six:fd00::1", "four=10.9.8.7"]
      shm_size: 100m
      ulimits: { nofile: { soft: 512, hard: 600 } }
  offline: { build: { context: ., network: none, dockerfile_inline: "${quoted}\\nRUN ls /sys/class/net\\n" } }
  host: { build: { context: ., network: host, dockerfile_inline: "${quoted}\\nRUN wc -l < /proc/net/unix\\n" } }
`,
      Dockerfile: `${from}\nRUN cat /etc/hosts; df /dev/shm | tail -1; ulimit -n; ulimit -Hn\n`,
    });
    // docker compose gives the hosts in another order each time, and so builds anew what they are for.
    const all = await buildTwice(project, ["offline", "host"]);
    const log = printed(all);
    expect(log).toMatch(/\n\d+\.\d+\.\d+\.\d+\tgateway\n/);
    expect(log).toContain("\nfd00::1\tsix\n");
    expect(log).toContain("\n10.9.8.7\tfour\n");
    expect(log).toMatch(/ 102400 .*\/dev\/shm\n512\n600\n/);
    expect(printed(all, "offline")).toMatch(/\nlo\n/);
    expect(printed(all, "offline")).not.toContain("eth0");
  });

  test("contexts: folders, images, the image of a service, git repositories", async () => {
    await using git = await openGitServer({ Dockerfile: `${from}\nCOPY sub /sub\n`, "sub/file": "of the repository" });
    await using project = await openProject({
      "compose.yaml": `
services:
  base: { build: { dockerfile_inline: "${quoted}\\nENV OF_BASE=1\\nRUN echo base > /base\\n" } }
  app:
    build:
      context: app
      additional_contexts:
        base: service:base
        other: docker-image://${testImages.busybox}
        folder: ./folder
        repository: ${git.url}#main:sub
      pull: true
  repository: { build: "${git.url}#main" }
  inline: { build: { context: "${git.url}#main", dockerfile_inline: "${quoted}\\nCOPY . /all\\n" } }
`,
      "app/Dockerfile": [
        "FROM base",
        "COPY --from=other /bin/busybox /other",
        "COPY --from=folder . /folder",
        "COPY --from=repository . /repository",
        "RUN cat /base /folder/file /repository/file; echo OF_BASE=$OF_BASE",
      ].join("\n"),
      "folder/file": "of the folder\n",
      "folder/.dockerignore": "ignored",
      "folder/ignored": "",
    });
    const ran = await project.run("build");
    expect(ran.code).toBe(0);
    expect(printed(ran.stderr)).toContain("\nbase\nof the folder\nof the repositoryOF_BASE=1\n");
    expect(await filesOf(project, "app", "/folder")).toBe("/folder/.dockerignore\n/folder/file\n");
    expect(await filesOf(project, "inline", "/all")).toBe("/all/Dockerfile\n/all/sub/file\n");
    // Bases are built first, whoever was asked for; what stands on a service's image is not looked for in a registry.
    const again = await project.run("build", "app");
    expect(again.stderr).toMatch(/base {2}Built[^]*app {2}Building/);
    expect(again.stderr).toContain("is built on a service's image, so its bases are not pulled anew");
    expect(again.code).toBe(0);
    if (!hasPeer) return;
    const before = await Promise.all(["base", "repository", "inline"].map((each) => image(`${project.name}-${each}`)));
    await project.write({
      "compose.yaml": (await readFile(`${project.folder}/compose.yaml`, "utf8")).replace("pull: true", "pull: false"),
    });
    expect(await peer(project, "build")).toMatchObject({ code: 0 });
    const after = await Promise.all(["base", "repository", "inline"].map((each) => image(`${project.name}-${each}`)));
    expect(after).toEqual(before);
  });

  test("whoever is built brings the base along, also where that takes no part", async () => {
    await using project = await openProject({
      "compose.yaml": `
services:
  base: { build: { context: ., dockerfile_inline: "${quoted}\\nRUN echo first > /base\\n" } }
  app:
    command: cat /base
    build: { context: ., dockerfile_inline: "FROM base\\nRUN true\\n", additional_contexts: { base: "service:base" } }
`,
    });
    expect(await project.succeed("run", "--rm", "app")).toBe("first\n");
    const file = path.join(project.folder, "compose.yaml");
    await writeFile(file, (await readFile(file, "utf8")).replace("echo first", "echo second"));
    expect(await project.succeed("run", "--rm", "app")).toBe("first\n");
    expect(await project.succeed("run", "--rm", "--build", "app")).toBe("second\n");
  });

  test("what the file names and is not there is said before anything is built", async () => {
    await using project = await openProject({
      "compose.yaml": `
services:
  missing: { build: { context: ., secrets: [key] } }
  folder: { build: { context: ., secrets: [folder] } }
  cache: { build: { context: ., cache_from: ["type=local"] } }
secrets: { key: { file: ./key }, folder: { file: . } }
`,
      Dockerfile: `${from}\n`,
    });
    const last = async (service: string): Promise<string | undefined> =>
      (await project.run("build", service)).stderr.split("\n").find((line) => line.startsWith("error: "));
    expect([await last("missing"), await last("folder"), await last("cache")]).toEqual([
      `error: image ${project.name}-missing: the file of the secret key is not there: ${project.folder}/key`,
      `error: image ${project.name}-folder: the file of the secret folder is a folder: ${project.folder}`,
      `error: image ${project.name}-cache: a cache of type local has no folder to come from`,
    ]);
  });

  test("caches: none, not of a stage, inline in a registry", async () => {
    await using registry = await openRegistry();
    onTestFinished(() => removeImagesOf(registry.address));
    const Dockerfile = `FROM ${testImages.busybox} AS first\nENV TEST_RUN=${Date.now()}\nRUN echo ran first > /f; cat /f\n${from}\nCOPY --from=first /f /f\nRUN echo ran last\n`;
    await using project = await openProject({
      "compose.yaml": `
services:
  app:
    image: ${registry.address}/app:1
    build: { context: ., cache_to: ["type=inline"], cache_from: ["${registry.address}/app:1"] }
`,
      Dockerfile,
    });
    const times = async (...flags: readonly string[]): Promise<readonly number[]> => {
      const { code, stderr } = await project.run("build", ...flags);
      if (code !== 0) throw new Error(stderr);
      return ["ran first", "ran last"].map((line) => printed(stderr).split(`\n${line}\n`).length - 1);
    };
    await times("--push");
    expect(await times()).toEqual([0, 0]);
    expect(await times("--no-cache")).toEqual([1, 1]);
    const ran = await project.run("build");
    expect(ran.stderr).toContain(`importing cache manifest from ${registry.address}/app:1`);
    await project.write({
      "compose.yaml": "services: { app: { build: { context: ., no_cache_filter: [first] } } }",
    });
    expect(await times()).toEqual([1, 0]);
    expect((await get<Built>(`/images/${registry.address}/app:1/json`)).Config.Labels).toHaveProperty(
      "com.docker.compose.service",
    );
  });

  test.each(["basic", "token"] as const)("bases of a registry that asks for a login (%s)", async (login) => {
    await using registry = await openRegistry({ login });
    const base = `${registry.address}/team/base:1`;
    const auth = Buffer.from(`${registryLogin.username}:${registryLogin.password}`).toString("base64");
    await using project = await openProject({
      "compose.yaml": `
services:
  app: { build: { dockerfile_inline: "FROM ${base}\\nRUN echo built\\n" } }
  pushed: { image: "${base}", build: { dockerfile_inline: "${quoted}\\nENV PUSHED=1\\n" } }
`,
      "config/config.json": JSON.stringify({ auths: { [registry.address]: { auth } } }),
      "empty/config.json": "{}",
    });
    const env = { DOCKER_CONFIG: `${project.folder}/config` };
    expect(await project.runWith({ env }, "build", "--push", "pushed")).toMatchObject({ code: 0 });
    // What the engine does not have it pulls, with our login.
    expect(await call("DELETE", `/images/${base}?force=1`)).toMatchObject({ status: 200 });
    const stranger = await project.runWith({ env: { DOCKER_CONFIG: `${project.folder}/empty` } }, "build", "app");
    expect(stranger.code).toBe(1);
    expect(stranger.stderr).toMatch(/does not let you pull without a login|may not pull it|denied|unauthorized/);
    expect(await project.runWith({ env }, "build", "app")).toMatchObject({ code: 0 });
    expect((await image(`${project.name}-app`)).Config.Env).toContain("PUSHED=1");
  });

  test("what services depend on is built with --with-dependencies, side by side", async () => {
    // Each is answered when all three have asked; one after the other they never have.
    const asking: http.ServerResponse[] = [];
    const server = http.createServer((_, response) => {
      if (asking.push(response) === 3) for (const each of asking) each.end();
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    onTestFinished(() => server.close().closeAllConnections());
    const { port } = server.address() as AddressInfo;
    const ask = (name: string): string => `RUN [ -z $$MEET ] || wget -qO- http://127.0.0.1:${port}/${name}`;
    const build = (name: string): string =>
      `build: { network: host, dockerfile_inline: "${quoted}\\nARG MEET\\n${ask(name)}\\n", args: [MEET] }`;
    await using project = await openProject({
      "compose.yaml": `
services:
  app: { ${build("app")}, depends_on: [one, two, image] }
  one: { ${build("one")} }
  two: { ${build("two")} }
  image: { image: ${testImages.busybox} }
`,
    });
    const built = (log: string): readonly string[] =>
      [...log.matchAll(/ Image \S+-(\w+) {2}Built/g)].map(([, name = ""]) => name).sort();
    expect(built((await project.run("build", "app")).stderr)).toEqual(["app"]);
    const all = ["build", "--with-dependencies", "--no-cache", "app"];
    expect(built((await project.runWith({ env: { MEET: "1" } }, ...all)).stderr)).toEqual(["app", "one", "two"]);
  });

  test("this machine's platform; several need another image store", async () => {
    const { Architecture: architecture } = await image(testImages.busybox);
    await using project = await openProject({
      "compose.yaml": `services: { app: { build: { context: ., platforms: [linux/${architecture}] } } }`,
      Dockerfile: `${from}\nARG TARGETPLATFORM\nRUN echo for $TARGETPLATFORM\n`,
    });
    expect(printed(await buildTwice(project))).toContain(`\nfor linux/${architecture}\n`);
  });

  test("a token server that hangs up on us is said", async () => {
    const server = http.createServer((request, response) => {
      if (request.url?.startsWith("/token") === true) return void request.socket.destroy();
      const realm = `http://${request.headers.host ?? ""}/token`;
      response.writeHead(401, { "www-authenticate": `Bearer realm="${realm}",service="s"` }).end();
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    onTestFinished(() => void server.close());
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    await using project = await openProject({
      "compose.yaml": `services: { app: { build: { dockerfile_inline: "FROM ${address}/none/such" } } }`,
    });
    const { code, stderr } = await project.run("build");
    expect(code).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`the token server ${address} of the registry cannot be reached: (other side closed|read ECONNRESET)`),
    );
  });

  test("what the engine refuses is said in words that help", async () => {
    await using project = await openProject({
      "compose.yaml": `
services:
  privileged: { build: { context: ., privileged: true } }
  network: { build: { context: ., network: other } }
  context: { build: { context: ., additional_contexts: { a: ./nothing } } }
  agent: { build: { context: ., ssh: [default] } }
`,
      Dockerfile: from,
    });
    const said = async (service: string): Promise<string> => {
      const { code, stderr } = await project.runWith({ env: { SSH_AUTH_SOCK: "" } }, "build", service);
      expect(code).toBe(1);
      return /^error: [^]*/m.exec(stderr)?.[0].replaceAll(project.folder, "~").replaceAll(project.name, "demo") ?? "";
    };
    expect(await said("network")).toMatchInlineSnapshot(`
      "error: image demo-network: BuildKit cannot build in the network "other"
        hint: "network" of a build is default, host or none
      "
    `);
    expect(await said("context")).toMatchInlineSnapshot(`
      "error: image demo-context: the additional context a is not a folder: ~/nothing
        hint: it may be a folder, an address, "docker-image://IMAGE", "oci-layout://FOLDER" or "service:NAME"
      "
    `);
    expect(await said("agent")).toMatchInlineSnapshot(`
      "error: image demo-agent: the build wants the ssh agent "default", and SSH_AUTH_SOCK is not set
        hint: start an agent, or name a key
      "
    `);
    expect(await said("privileged")).toMatchInlineSnapshot(`
      "error: image demo-privileged: the engine does not allow builds the entitlement security.insecure
        hint: allow it under "builder.entitlements" in the engine's configuration, or do without it
      "
    `);
  });
});

/** All files below a folder of the service's image. */
async function filesOf(project: TestProject, service: string, folder: string): Promise<string> {
  const inline = `FROM ${project.name}-${service}\\nRUN find ${folder} -type f | sort | sed 's/^/found /'\\n`;
  await project.write({ "look.yaml": `services: { look: { build: { dockerfile_inline: "${inline}" } } }` });
  const { stderr } = await project.run("-f", "look.yaml", "build", "--no-cache");
  return [...stderr.matchAll(/ found (\/.*\n)/g)].map(([, path]) => path).join("");
}

interface Named {
  readonly Id: string;
  readonly RepoTags: readonly string[] | null;
  readonly RepoDigests: readonly string[] | null;
}

/** By their ids: what was pushed keeps the name that the registry has given it. */
async function removeImagesOf(registry: string): Promise<void> {
  for (const { Id, RepoTags, RepoDigests } of await get<readonly Named[]>("/images/json")) {
    const names = [...(RepoTags ?? []), ...(RepoDigests ?? [])];
    if (names.some((name) => name.startsWith(registry))) await call("DELETE", `/images/${Id}?force=1`);
  }
}
