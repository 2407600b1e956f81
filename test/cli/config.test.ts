import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

import { runCli, type Ran, startCli } from "../harness/cli.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "tscompose-config-"));
  await writeFile(path.join(folder, "good.yaml"), "name: demo\nservices: {web: {image: x, hostname: '${HOST}'}}\n");
  await writeFile(
    path.join(folder, "list.yaml"),
    `name: demo
services:
  on: {image: x, volumes: ["data:/d"], models: [m]}
  off: {image: x, profiles: [p], volumes: ["other:/d"]}
volumes: {data: , other: }
models: {m: {model: "ai/\${M:-x}"}}
`,
  );
  await writeFile(
    path.join(folder, "ssh.yaml"),
    "name: demo\nservices: {web: {build: {context: ., ssh: [default, key=id]}}}\nnetworks: {default: {ipam: {}}}\n",
  );
  await writeFile(path.join(folder, "bad.yaml"), "services:\n  web: {image: x, networks: [back]}\n  api: {imge: x}\n");
});
afterAll(() => rm(folder, { recursive: true }));

const config = (...args: string[]): Promise<Ran> => runCli(args, { cwd: folder });

describe("a good project", () => {
  test("is printed on standard output, what is odd about it goes to standard error", async () => {
    const { code, stdout, stderr } = await config("-f", "good.yaml", "config");
    expect(code).toBe(0);
    expect(stdout).toContain("name: demo\n");
    expect(stderr).toContain("good.yaml:2:39");
    expect(stderr).toContain("HOST");
  });

  test("is checked in silence", async () => {
    expect(await config("-f", "good.yaml", "config", "-q")).toMatchObject({ code: 0, stdout: "" });
  });

  test("is written to a file", async () => {
    expect(await config("-f", "good.yaml", "config", "--format", "json", "-o", "out.json")).toMatchObject({
      stdout: "",
    });
    expect(JSON.parse(await readFile(path.join(folder, "out.json"), "utf8"))).toMatchObject({ name: "demo" });
  });

  test.each([
    [["--services", "off"], "on\n"],
    [["--volumes", "off"], "data\n"],
    [["--models", "--no-interpolate"], "ai/${M:-x}\n"],
    [["--hash", "", "--format", "json", "--profiles"], "p\n"],
  ])("is listed as a whole: %j", async (flags, expected) => {
    expect((await config("-f", "list.yaml", "config", ...flags)).stdout).toBe(expected);
  });

  test("has its hashes listed before its profiles", async () => {
    const { stdout } = await config("-f", "list.yaml", "config", "--profiles", "--hash", "on");
    expect(stdout).toMatch(/^on [0-9a-f]{64}\n$/);
  });

  test("is printed so that it can be read again, with keys for ssh", async () => {
    const printed = (await config("-f", "ssh.yaml", "config")).stdout;
    expect(printed).toContain(`- key=${path.join(folder, "id")}\n`);
    await writeFile(path.join(folder, "again.yaml"), printed);
    expect((await config("-f", "again.yaml", "config")).stdout).toBe(printed);
  });

  test("is what docker compose calls convert, too", async () => {
    expect((await config("-f", "good.yaml", "convert", "--services")).stdout).toBe("web\n");
  });
});

test.each(["--quiet", "--no-interpolate"])(
  "Ctrl-C ends the wait for a registry that does not answer: config %s",
  async (flag) => {
    const registry = http.createServer().listen(0, "127.0.0.1");
    onTestFinished(() => registry.closeAllConnections());
    onTestFinished(() => void registry.close());
    await once(registry, "listening");
    const domain = `127.0.0.1:${(registry.address() as AddressInfo).port}`;
    const asked = once(registry, "request");
    const running = await startCli(["--insecure-registry", domain, "-f", `oci://${domain}/x/y`, "config", flag]);
    await asked;
    running.kill("SIGINT");
    expect(await running.ended).toMatchObject({ code: 130, stdout: "" });
  },
);

describe("mistakes", () => {
  test("are all told on standard error, and the exit code is 1", async () => {
    const { code, stdout, stderr } = await config("-f", "bad.yaml", "config");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatchInlineSnapshot(`
      "error: service "web" uses network "back", which is not declared
        bad.yaml:2:30  services.web.networks.back
          1 │ services:
          2 │   web: {image: x, networks: [back]}
            │                              ^^^^
        hint: add "back" under the top-level "networks", or use one of: default

      error: unknown key "imge" in services.api
        bad.yaml:3:9  services.api
          2 │   web: {image: x, networks: [back]}
          3 │   api: {imge: x}
            │         ^^^^
        hint: did you mean "image"?

      2 errors
      "
    `);
  });

  test("are data when data was asked for", async () => {
    const { code, stdout, stderr } = await config("-f", "bad.yaml", "config", "--format", "json");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    const { diagnostics } = JSON.parse(stderr);
    expect(diagnostics).toHaveLength(2);
    expect(diagnostics[0]).toMatchObject({ code: "undefined-network", file: path.join(folder, "bad.yaml"), line: 2 });
    expect(diagnostics[1]).toMatchObject({
      severity: "error",
      path: "services.api",
      line: 3,
      column: 9,
      endColumn: 13,
    });
  });

  test("of the command line are data, too", async () => {
    const { code, stderr } = await config("-f", "good.yaml", "config", "--format", "json", "wbe");
    expect(code).toBe(1);
    expect(JSON.parse(stderr).diagnostics.at(-1)).toMatchObject({
      message: "no such service: wbe",
      hint: 'did you mean "web"?',
    });
  });

  test.each([["--format", "toml"], ["--nonsense"], ["--hash", "nope"]])("%s %s", async (...flags) => {
    expect(await config("-f", "good.yaml", "config", ...flags)).toMatchObject({ code: 1, stdout: "" });
  });
});
