import { readdirSync, readFileSync } from "node:fs";
// Wherever people keep their credentials, whatever way a registry asks for them; and nobody else gets to see them.
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { call } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { openProject, type TestProject } from "../harness/project.ts";
import { openRegistry, type Registry, registryLogin } from "../harness/registry.ts";

const kinds = ["basic", "token"] as const;
const registries = new Map<(typeof kinds)[number], Registry>();

beforeAll(async () => {
  await ensureImage(testImages.busybox);
  for (const kind of kinds) registries.set(kind, await openRegistry({ login: kind }));
  await Promise.all(kinds.map(async (kind) => push(kind, "team/app")));
  await push("token", "public/app");
  for (const kind of kinds) await tag(`${address(kind)}/team/own`);
});
afterAll(async () => {
  for (const kind of kinds) {
    await call("DELETE", `/images/${address(kind)}/team/app:1?force=1`);
    await call("DELETE", `/images/${address(kind)}/public/app:1?force=1`);
    await call("DELETE", `/images/${address(kind)}/team/own:1?force=1`);
    await registries.get(kind)?.[Symbol.asyncDispose]();
  }
});

function address(kind: (typeof kinds)[number]): string {
  return registries.get(kind)?.address ?? "";
}

async function push(kind: (typeof kinds)[number], name: string): Promise<void> {
  const repository = `${address(kind)}/${name}`;
  await tag(repository);
  const header = Buffer.from(JSON.stringify(registryLogin)).toString("base64");
  await call("POST", `/images/${repository}/push?tag=1`, undefined, { "X-Registry-Auth": header });
}

async function tag(repository: string): Promise<void> {
  await call("POST", `/images/${testImages.busybox}/tag?repo=${repository}&tag=1`);
}

const { username, password, identityToken } = registryLogin;
const auth = Buffer.from(`${username}:${password}`).toString("base64");

interface Keeping {
  readonly config: (registry: string) => object;
  readonly environment?: (registry: string) => Readonly<Record<string, string>>;
  /** What the helper on PATH says. */
  readonly helper?: object | "not found" | "broken";
  readonly lets: "in" | "nobody in";
  /** Only where a token server asks. */
  readonly tokenOnly?: boolean;
}

const ways: Readonly<Record<string, Keeping>> = {
  "auths, one text": { config: (at) => ({ auths: { [at]: { auth } } }), lets: "in" },
  "auths, name and password": { config: (at) => ({ auths: { [at]: { username, password } } }), lets: "in" },
  "auths, with https:// and a path": { config: (at) => ({ auths: { [`https://${at}/v1/`]: { auth } } }), lets: "in" },
  "an identity token": {
    config: (at) => ({
      auths: { [at]: { auth: Buffer.from(`${username}:`).toString("base64"), identitytoken: identityToken } },
    }),
    lets: "in",
    tokenOnly: true,
  },
  credHelpers: {
    config: (at) => ({ credHelpers: { [at]: "tester" } }),
    helper: { Username: username, Secret: password },
    lets: "in",
  },
  credsStore: {
    config: (at) => ({ credsStore: "tester", auths: { [at]: {} } }),
    helper: { Username: username, Secret: password },
    lets: "in",
  },
  "credsStore with an identity token": {
    config: (at) => ({ credsStore: "tester", auths: { [at]: {} } }),
    helper: { Username: "<token>", Secret: identityToken },
    lets: "in",
    tokenOnly: true,
  },
  "a store that has nothing, and the file": {
    config: (at) => ({ credsStore: "tester", auths: { [at]: { auth } } }),
    helper: "not found",
    lets: "in",
  },
  "DOCKER_AUTH_CONFIG over a wrong file": {
    config: (at) => ({ auths: { [at]: { auth: Buffer.from("tester:wrong-3311").toString("base64") } } }),
    environment: (at) => ({ DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { [at]: { auth } } }) }),
    lets: "in",
  },
  "DOCKER_AUTH_CONFIG for somebody else": {
    config: (at) => ({ auths: { [at]: { auth } } }),
    environment: () => ({ DOCKER_AUTH_CONFIG: JSON.stringify({ auths: { "other.example": { auth: "eDp5" } } }) }),
    lets: "in",
  },
  nothing: { config: () => ({}), lets: "nobody in" },
  "a wrong password": {
    config: (at) => ({ auths: { [at]: { auth: Buffer.from("tester:wrong-3311").toString("base64") } } }),
    lets: "nobody in",
  },
  "a broken helper": { config: (at) => ({ credHelpers: { [at]: "tester" } }), helper: "broken", lets: "nobody in" },
  "no such helper": { config: (at) => ({ credHelpers: { [at]: "none-of-these" } }), lets: "nobody in" },
};

const matrix = kinds.flatMap((kind) =>
  Object.entries(ways).flatMap(([way, keeping]) =>
    keeping.tokenOnly === true && kind === "basic" ? [] : [{ kind, way, keeping }],
  ),
);

interface Logins {
  readonly project: TestProject;
  readonly run: (
    ...args: string[]
  ) => Promise<{ readonly code: number; readonly text: string; readonly stdout: string }>;
}

async function loggedIn(kind: (typeof kinds)[number], { config, environment, helper }: Keeping): Promise<Logins> {
  const at = address(kind);
  const project = await openProject({
    // What is pushed has a tag of its own: this registry answers 500 to who reads a tag while it is written.
    "compose.yaml": `services: {a: {image: "${at}/team/app:1", build: .}, own: {image: "${at}/team/own:1", build: ., profiles: [own]}}\n`,
    Dockerfile: `FROM ${testImages.busybox}\n`,
    "docker/config.json": JSON.stringify(config(at)),
  });
  if (helper !== undefined) await writeHelper(join(project.folder, "bin"), helper);
  const env = {
    DOCKER_CONFIG: join(project.folder, "docker"),
    PATH: `${join(project.folder, "bin")}:${process.env["PATH"] ?? ""}`,
    ...environment?.(at),
  };
  return {
    project,
    async run(...args) {
      const { code, stdout, stderr } = await project.runWith({ env }, ...args);
      return { code, stdout, text: `${stdout}${stderr}` };
    },
  };
}

async function writeHelper(folder: string, helper: object | string): Promise<void> {
  await mkdir(folder);
  const program = join(folder, "docker-credential-tester");
  const says =
    helper === "not found"
      ? "echo 'credentials not found in native keychain'; exit 1"
      : helper === "broken"
        ? "echo 'the keychain is locked'; exit 3"
        : `cat >/dev/null; echo '${JSON.stringify(helper)}'`;
  await writeFile(program, `#!/bin/sh\n${says}\n`);
  await chmod(program, 0o755);
}

const secrets = [password, identityToken, auth, "wrong-3311"];

function secretsIn(text: string): readonly string[] {
  return secrets.filter((secret) => new RegExp(`(?<![a-z-])${secret}(?![a-z ])`).test(text));
}

describe.each(matrix)("$kind: $way", ({ kind, keeping }) => {
  test(`lets ${keeping.lets}: pull, push, digests, publish and -f oci://`, async () => {
    const { project, run } = await loggedIn(kind, keeping);
    await using _project = project;
    const reference = `${address(kind)}/team/stack:${project.name}`;
    const lines = await Promise.all([
      run("pull", "a"),
      run("push", "own"),
      run("config", "--resolve-image-digests"),
      run("config", "--lock-image-digests"),
      run("publish", reference).then(async (published) => [
        published,
        await run("-f", `oci://${reference}`, "config", "--services"),
      ]),
    ]).then((all) => all.flat());
    const [pull, , resolved, locked] = lines;
    for (const { text } of lines) expect(secretsIn(text)).toEqual([]);
    if (keeping.lets === "in") {
      expect(lines.map(({ code, text }) => (code === 0 ? 0 : text))).toEqual([0, 0, 0, 0, 0, 0]);
      expect(pull?.text).toContain("Pulled");
      for (const each of [resolved, locked])
        expect(each?.stdout).toMatch(/image: \S+\/team\/app:1@sha256:[0-9a-f]{64}/);
    } else {
      expect(lines.map(({ code }) => code)).toEqual([0, 1, 1, 1, 1, 1]); // what can be built need not be pulled
      expect(pull?.text).toContain("cannot be pulled");
    }
  });
});

test("each failure has its own remedy", async () => {
  const said: string[] = [];
  for (const { kind, way, keeping } of matrix) {
    if (keeping.lets === "in") continue;
    const { project, run } = await loggedIn(kind, keeping);
    await using _project = project;
    await project.write({ "compose.yaml": `services: {a: {image: "${address(kind)}/team/app:1"}}\n` });
    const { text } = await run("pull", "a");
    said.push(`${kind}, ${way}:\n${text.replaceAll(address(kind), "REGISTRY").split("\n").slice(2).join("\n")}`);
  }
  expect(`\n${said.join("\n")}`).toMatchInlineSnapshot(`
    "
    basic, nothing:
    error: image REGISTRY/team/app:1: REGISTRY does not let you pull without a login
      hint: run "docker login REGISTRY" first

    basic, a wrong password:
    error: image REGISTRY/team/app:1: REGISTRY does not accept the login that is stored for it
      hint: log in again: "docker login REGISTRY"

    basic, a broken helper:
    error: image REGISTRY/team/app:1: docker-credential-tester failed with exit code 3
      hint: run "docker-credential-tester list" to see what is wrong, or remove the helper from the docker config file

    basic, no such helper:
    error: image REGISTRY/team/app:1: the credential helper docker-credential-none-of-these cannot be run: spawn docker-credential-none-of-these ENOENT
      hint: install it, or remove credsStore/credHelpers from the docker config file

    token, nothing:
    error: image REGISTRY/team/app:1: the image REGISTRY/team/app:1 does not exist in its registry, or you may not pull it
      hint: check the name; for a private image run "docker login REGISTRY" first

    token, a wrong password:
    error: image REGISTRY/team/app:1: REGISTRY does not accept the login that is stored for it
      hint: log in again: "docker login REGISTRY"

    token, a broken helper:
    error: image REGISTRY/team/app:1: docker-credential-tester failed with exit code 3
      hint: run "docker-credential-tester list" to see what is wrong, or remove the helper from the docker config file

    token, no such helper:
    error: image REGISTRY/team/app:1: the credential helper docker-credential-none-of-these cannot be run: spawn docker-credential-none-of-these ENOENT
      hint: install it, or remove credsStore/credHelpers from the docker config file
    "
  `);
});

test("who is not logged in gets what is for everybody", async () => {
  const { project, run } = await loggedIn("token", { config: () => ({}), lets: "in" });
  await using _project = project;
  await project.write({ "compose.yaml": `services: {a: {image: "${address("token")}/public/app:1"}}\n` });
  expect((await run("pull")).code).toBe(0);
  expect((await run("config", "--resolve-image-digests")).stdout).toContain("@sha256:");
});

test("no process of ours carries a secret among its arguments", async () => {
  const slow = { Username: username, Secret: password };
  const { project, run } = await loggedIn("basic", {
    config: (at) => ({ credHelpers: { [at]: "tester" } }),
    helper: slow,
    lets: "in",
  });
  await using _project = project;
  await writeFile(
    join(project.folder, "bin/docker-credential-tester"),
    `#!/bin/sh\ncat >/dev/null; sleep 0.5; echo '${JSON.stringify(slow)}'\n`,
  );
  const running = run("--verbose", "pull", "a");
  const seen = new Set<string>();
  for (let over = false; !over; over = await Promise.race([running.then(() => true), tick()])) {
    for (const line of processes())
      if (line.includes(project.name) || line.includes("docker-credential")) seen.add(line);
  }
  expect((await running).code).toBe(0);
  expect([...seen].some((line) => line.includes("docker-credential-tester"))).toBe(true);
  expect(secretsIn([...seen].join("\n"))).toEqual([]);
});

function tick(): Promise<false> {
  return new Promise((resolve) => setTimeout(() => resolve(false), 20));
}

function processes(): readonly string[] {
  return readdirSync("/proc").flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      return [readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")];
    } catch {
      return []; // it has ended
    }
  });
}
