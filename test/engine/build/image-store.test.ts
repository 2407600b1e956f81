// What only engines can do that keep images as containerd does; skipped on others, where it is refused with a reason.
import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";

import { beforeAll, describe, expect, test } from "vitest";

import { call, get } from "../../harness/engine-api.ts";
import { ensureImage, testImages } from "../../harness/images.ts";
import { openProject } from "../../harness/project.ts";

interface Facts {
  readonly DriverStatus?: readonly (readonly string[])[];
}
const { DriverStatus: status = [] } = await get<Facts>("/info").catch((): Facts => ({}));
const likeContainerd = status.some(
  ([key, value]) => key === "driver-type" && value?.startsWith("io.containerd") === true,
);

beforeAll(async () => {
  await ensureImage(testImages.busybox);
});

const from = `FROM ${testImages.busybox}`;

interface Manifests {
  readonly Manifests: readonly {
    readonly Kind: string;
    readonly ImageData?: { readonly Platform: { architecture: string } };
  }[];
}

async function kinds(image: string): Promise<readonly string[]> {
  const { Manifests } = await get<Manifests>(`/v1.48/images/${image}/json?manifests=1`);
  return Manifests.map(({ Kind, ImageData }) => ImageData?.Platform.architecture ?? Kind).sort();
}

describe.skipIf(!likeContainerd)("images as containerd keeps them", () => {
  test("provenance unless it is not wanted, and several platforms", async () => {
    await using project = await openProject({
      "compose.yaml": `
services:
  app: { build: . }
  plain: { build: { context: ., provenance: "false" } }
  both: { build: { context: ., platforms: [linux/amd64, linux/arm64] } }
`,
      Dockerfile: `${from}\nCOPY compose.yaml /\n`,
    });
    await project.succeed("build");
    const { Arch: architecture } = await get<{ readonly Arch: string }>("/version");
    expect(await kinds(`${project.name}-app`)).toEqual([architecture, "attestation"].sort());
    expect(await kinds(`${project.name}-plain`)).toEqual([architecture]);
    expect(await kinds(`${project.name}-both`)).toEqual(["amd64", "arm64", "attestation", "attestation"]);
  });

  test("a cache in a folder comes and goes", async () => {
    await using project = await openProject({
      "compose.yaml": `
services:
  app:
    build: { context: context, network: none, cache_to: ["type=local,dest=cache"], cache_from: ["type=local,src=cache"] }
`,
      "context/Dockerfile": `${from}\nENV RUN_OF=${process.pid}.${Date.now()}\nRUN echo ran\n`,
    });
    expect((await project.run("build")).stderr).toMatch(/ {2}ran\n/);
    const index = JSON.parse(await readFile(path.join(project.folder, "cache/index.json"), "utf8"));
    expect(index.manifests).toHaveLength(1);
    await call("POST", "/build/prune?all=1");
    const again = (await project.run("build")).stderr;
    expect(again).toContain("importing cache manifest from local:");
    expect(again).toMatch(/RUN echo ran CACHED\n/);
  });

  test("an image of a folder is a context", async () => {
    await using project = await openProject({});
    const folder = path.join(project.folder, "image");
    await mkdir(folder);
    const { bytes } = await call("GET", `/images/${testImages.busybox}/get`);
    await writeFile(path.join(project.folder, "image.tar"), bytes);
    await promisify(execFile)("tar", ["xf", "../image.tar"], { cwd: folder });
    await project.write({
      "compose.yaml": `
services:
  app:
    build: { dockerfile_inline: "FROM base\\nCOPY --from=base /bin/busybox /copy\\n", additional_contexts: { base: "oci-layout://${folder}" } }
`,
    });
    const built = await project.run("build");
    expect(built.stderr).toContain("OCI load from client");
    expect(built.code).toBe(0);
  });
});

test.skipIf(likeContainerd)("other image stores: refused with the reason and the remedy", async () => {
  await using project = await openProject({
    "compose.yaml": `
services:
  platforms: { build: { context: ., platforms: [linux/amd64, linux/arm64] } }
  cache: { build: { context: ., cache_to: ["type=local,dest=cache"], additional_contexts: { a: "oci-layout:///a" } } }
  attested: { build: { context: ., provenance: mode=max, sbom: true } }
`,
    Dockerfile: from,
  });
  const { code, stderr } = await project.run("build");
  expect(code).toBe(1);
  const errors = stderr.split("\n").filter((line) => /^error|hint/.test(line));
  expect(errors.map((line) => line.replaceAll(project.name, "demo")).sort()).toMatchInlineSnapshot(`
    [
      "  hint: turn on the containerd image store of the engine, or leave that out",
      "  hint: turn on the containerd image store of the engine, or leave that out",
      "  hint: turn on the containerd image store of the engine, or leave that out",
      "error: image demo-attested: this engine's image store cannot hold provenance, an SBOM",
      "error: image demo-cache: this engine's image store cannot hold an image of a folder, a cache of type local",
      "error: image demo-platforms: this engine's image store cannot hold an image of several platforms",
    ]
  `);
  // A build that runs an image for this machine needs one platform of it only.
  await project.write({
    "compose.yaml": `services: { app: { command: [sleep, "100"], stop_grace_period: 0s, build: { context: ., platforms: [linux/amd64, linux/arm64] } } }`,
  });
  expect(await project.run("up", "-d")).toMatchObject({ code: 0 });
});
