// pull and push as a person sees them, against registries on loopback that let in, refuse, break and vanish.
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { call, get } from "../harness/engine-api.ts";
import { openFlakyProxy } from "../harness/flaky-proxy.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { freePort } from "../harness/ports.ts";
import { openProject, type TestProject } from "../harness/project.ts";
import { openRegistry, type Registry } from "../harness/registry.ts";
import { layer, uploadImage } from "../harness/upload.ts";

let registry: Registry;
const made = new Set<string>();

beforeAll(async () => {
  registry = await openRegistry();
  await ensureImage(testImages.busybox);
});
afterAll(async () => {
  for (const image of made) await call("DELETE", `/images/${image}?force=1`);
  await registry[Symbol.asyncDispose]();
});

/** An image in the registry that this engine does not have. */
async function remoteImage(name: string, from: string = testImages.busybox): Promise<string> {
  await localImage(name, from);
  await call("POST", `/images/${registry.address}/${name}/push?tag=1`, undefined, { "X-Registry-Auth": "e30=" });
  await call("DELETE", `/images/${registry.address}/${name}:1?force=1`);
  return `${registry.address}/${name}:1`;
}

async function localImage(name: string, from: string = testImages.busybox): Promise<string> {
  await call("POST", `/images/${from}/tag?repo=${registry.address}/${name}&tag=1`);
  made.add(`${registry.address}/${name}:1`);
  return `${registry.address}/${name}:1`;
}

async function isHere(image: string): Promise<boolean> {
  const images = await get<readonly { readonly RepoTags: readonly string[] | null }[]>("/images/json");
  return images.some(({ RepoTags }) => RepoTags?.includes(image) === true);
}

const shown = (text: string): string => text.replaceAll(registry.address, "REGISTRY");

describe("pull", () => {
  test("each image once, whoever uses it; what is not there fails, and the others come all the same", async () => {
    const [one, other] = [await remoteImage("pull/one"), await remoteImage("pull/other")];
    await using project = await openProject({
      "compose.yaml": `services: {a: {image: "${one}"}, b: {image: "${other}"}, again: {image: "${one}"}, no: {image: "${registry.address}/pull/no:1"}, own: {build: .}}`,
    });
    const ran = await project.run("pull");
    expect(ran.code).toBe(1);
    const lines = shown(ran.stderr).split("\n");
    expect(lines.filter((line) => line.endsWith("Pulled")).sort()).toEqual([
      " Image REGISTRY/pull/one:1  Pulled",
      " Image REGISTRY/pull/other:1  Pulled",
    ]);
    expect(lines).toContain(` Image ${project.name}-own  Skipped - No image to be pulled`);
    expect(lines.slice(-3).join("\n")).toMatchInlineSnapshot(`
      "error: image REGISTRY/pull/no:1: the registry has no image REGISTRY/pull/no:1
        hint: check the tag
      "
    `);
    expect(await Promise.all([isHere(one), isHere(other)])).toEqual([true, true]);
    const tolerant = await project.run("pull", "--ignore-pull-failures");
    expect([tolerant.code, shown(tolerant.stderr)]).toEqual([
      0,
      expect.stringContaining("image REGISTRY/pull/no:1 cannot be pulled: the registry has no image"),
    ]);
  });

  test.each(["two words", "a?b=c", "a#b", "http://a.example/b", "../b", "Large", "a@sha256:12"])(
    "%j is told to be no name of an image",
    async (image) => {
      await using project = await openProject({ "compose.yaml": `services: { app: { image: "${image}" } }` });
      const { code, stderr } = await project.run("up", "--no-start");
      expect([code, stderr.split("\n")[0]]).toEqual([
        1,
        expect.stringMatching(/^error: "[^"]+" cannot be an image's name(: invalid reference format.*)?$/),
      ]);
      expect(stderr).toContain(`"${image}"`);
    },
  );

  test("policies: of the service, of the command", async () => {
    const here = await localImage("policy/here");
    const gone = await remoteImage("policy/gone");
    const policies = ["always", "missing", "never", "build", "daily", "weekly", "every_10s", "every_9999h", "refresh"];
    const services = policies.map((policy) => `  ${policy}: {image: "IMAGE", pull_policy: ${policy}, build: .}`);
    await using project = await openProject({
      "here.yaml": `services:\n${services.join("\n").replaceAll(/IMAGE/g, here)}`,
      "gone.yaml": `services:\n${services.join("\n").replaceAll(/IMAGE/g, gone)}`,
    });
    expect(await causes(project, "here.yaml", policies)).toMatchInlineSnapshot(`
      "
      always: asked for
      missing: no
      never: no
      build: no
      daily: asked for
      weekly: asked for
      every_10s: asked for
      every_9999h: asked for
      refresh: asked for
      "
    `);
    expect(await causes(project, "gone.yaml", policies)).toMatchInlineSnapshot(`
      "
      always: asked for
      missing: missing
      never: no
      build: no
      daily: asked for
      weekly: asked for
      every_10s: asked for
      every_9999h: asked for
      refresh: asked for
      "
    `);
    expect(await causes(project, "here.yaml", ["never", "always"], "--policy", "missing")).toMatchInlineSnapshot(`
      "
      never: no
      always: no
      "
    `);
    expect(await causes(project, "here.yaml", ["always"], "--ignore-buildable")).toMatchInlineSnapshot(`
      "
      always: no
      "
    `);
  });

  async function causes(project: TestProject, file: string, names: readonly string[], ...flags: string[]) {
    const found = await Promise.all(
      names.map(async (name) => {
        const text = await project.succeed("-f", file, "--dry-run", "pull", ...flags, name);
        return `${name}: ${/pull {2}image \S+ {2}(.*)/.exec(text)?.[1] ?? "no"}`;
      }),
    );
    return `\n${found.join("\n")}\n`;
  }

  test("with what a service depends on only where that is asked for", async () => {
    const [one, other] = [await remoteImage("deps/one"), await remoteImage("deps/other")];
    await using project = await openProject({
      "compose.yaml": `services: {a: {image: "${one}", depends_on: [b]}, b: {image: "${other}"}}`,
    });
    await project.succeed("pull", "a");
    expect(await Promise.all([isHere(one), isHere(other)])).toEqual([true, false]);
    await project.succeed("pull", "--include-deps", "a");
    expect(await isHere(other)).toBe(true);
  });

  test("a layer that two images have is counted once", async () => {
    const [large, small, other] = [layer(6_000_000), layer(2_000_000), layer(1_000_000)];
    const one = await uploadImage(registry.address, "layers/one", [large, small]);
    const two = await uploadImage(registry.address, "layers/two", [large, other]);
    made.add(one).add(two);
    await using project = await openProject({
      "compose.yaml": `services: {a: {image: "${one}"}, b: {image: "${two}"}}`,
    });
    const ran = await project.run("--progress", "json", "pull");
    expect(ran.code).toBe(0);
    const totals = new Map<string, number>();
    for (const line of ran.stderr.trim().split("\n")) {
      const event = JSON.parse(line) as { readonly resource?: string; readonly total?: number };
      if (event.resource !== undefined && event.total !== undefined) totals.set(event.resource, event.total);
    }
    const sum = [...totals.values()].reduce((all, each) => all + each, 0);
    expect(sum).toBe(large.length + small.length + other.length);
  });

  test("by digest", async () => {
    const image = await remoteImage("digest/one");
    await using project = await openProject({ "compose.yaml": `services: {a: {image: "${image}"}}` });
    const pinned = await project.succeed("config", "--resolve-image-digests", "--images");
    expect(pinned.trim()).toBe(image);
    const [, digest = ""] = /image: (\S+)/.exec(await project.succeed("config", "--resolve-image-digests")) ?? [];
    expect(digest).toMatch(/digest\/one:1@sha256:[0-9a-f]{64}$/);
    await project.write({ "compose.yaml": `services: {a: {image: "${digest}"}}` });
    await project.succeed("pull");
    const untagged = digest.replace(":1@", "@");
    made.add(untagged);
    const { RepoDigests } = await get<{ readonly RepoDigests: readonly string[] }>(`/images/${untagged}/json`);
    expect(RepoDigests).toContain(untagged);
    const wrong = `${registry.address}/digest/one@sha256:${"0".repeat(64)}`;
    await project.write({ "compose.yaml": `services: {a: {image: "${wrong}"}}` });
    const ran = await project.run("pull");
    expect(ran.stderr).toContain("hint: check the digest; what it names may have been deleted");
  });

  test("a buildable image that no registry has is left to build", async () => {
    await using project = await openProject({
      "compose.yaml": `services: {a: {build: ., image: "${registry.address}/nobody/a:1"}}`,
    });
    const ran = await project.run("pull");
    expect(ran.code).toBe(0);
    expect(shown(ran.stderr)).toMatchInlineSnapshot(`
      " Image REGISTRY/nobody/a:1  Pulling
      warning: image REGISTRY/nobody/a:1 cannot be pulled: the registry has no image REGISTRY/nobody/a:1
       Image REGISTRY/nobody/a:1  Not pulled
      info: build it here: tscompose build a
      "
    `);
    const ignoring = await project.run("pull", "--ignore-buildable");
    expect(shown(ignoring.stderr)).toBe(" Image REGISTRY/nobody/a:1  Skipped - Image can be built\n");
  });
});

describe("push", () => {
  test("what is built under a name, with its other tags; nothing else", async () => {
    const image = `${registry.address}/push/one`;
    await using project = await openProject({
      Dockerfile: `FROM ${testImages.busybox}`,
      "compose.yaml": `services:
  a: {build: {context: ., tags: ["${image}:2"]}, image: "${image}:1", depends_on: [b, c]}
  b: {image: "${testImages.busybox}"}
  c: {build: .}`,
    });
    await project.succeed("build", "a");
    made.add(`${image}:1`).add(`${image}:2`);
    const ran = await project.run("push", "--include-deps", "a");
    expect([ran.code, shown(ran.stderr).split("\n").sort().join("\n")]).toMatchInlineSnapshot(`
      [
        0,
        "
       Image REGISTRY/push/one:1  Pushed
       Image REGISTRY/push/one:1  Pushing
       Image REGISTRY/push/one:2  Pushed
       Image REGISTRY/push/one:2  Pushing
       Service b  Skipped
       Service c  Skipped",
      ]
    `);
    const { tags } = (await (await fetch(`http://${registry.address}/v2/push/one/tags/list`)).json()) as {
      readonly tags: readonly string[];
    };
    expect([...tags].sort()).toEqual(["1", "2"]);
  });

  test("a digest is nothing to push to", async () => {
    const image = `${registry.address}/push/pinned:1@sha256:${"b".repeat(64)}`;
    await using project = await openProject({ "compose.yaml": `services: {a: {build: ., image: "${image}"}}` });
    const { code, stderr } = await project.run("push");
    expect([code, stderr]).toEqual([
      1,
      expect.stringContaining(`error: image ${image}: an image is pushed by its tag, and this name has a digest\n`),
    ]);
  });

  test("what was never built", async () => {
    await using project = await openProject({
      "compose.yaml": `services: {a: {build: ., image: "${registry.address}/push/absent:1"}}`,
    });
    const ran = await project.run("push");
    expect([ran.code, shown(ran.stderr)]).toMatchInlineSnapshot(`
      [
        1,
        " Image REGISTRY/push/absent:1  Pushing
       Image REGISTRY/push/absent:1  Error this engine has no image REGISTRY/push/absent:1 to push
      error: image REGISTRY/push/absent:1: this engine has no image REGISTRY/push/absent:1 to push
        hint: build it first ("tscompose build")
      ",
      ]
    `);
    const tolerant = await project.run("push", "--ignore-push-failures");
    expect(tolerant.code).toBe(0);
  });
});

describe("a network that fails", () => {
  test("faults on the way pass: it is tried again", async () => {
    await remoteImage("flaky/one");
    await using proxy = await openFlakyProxy(registry.address);
    const image = `${proxy.address}/flaky/one:1`;
    made.add(image);
    await using project = await openProject({ "compose.yaml": `services: {a: {image: "${image}"}}` });
    proxy.breakNext(2);
    const ran = await project.run("pull");
    expect(ran.stderr.replaceAll(proxy.address, "REGISTRY")).toMatchInlineSnapshot(`
      " Image REGISTRY/flaky/one:1  Pulling
       Image REGISTRY/flaky/one:1  the engine cannot reach the registry REGISTRY: connection reset by peer; trying again in 0.5 s
       Image REGISTRY/flaky/one:1  Pulled
      "
    `);
    expect([ran.code, proxy.broken(), await isHere(image)]).toEqual([0, 2, true]);
  });

  test("nobody there: told after a few tries; a wrong name at once", async () => {
    const port = await freePort();
    await using project = await openProject({
      "compose.yaml": `services: {a: {image: "127.0.0.1:${port}/x:1"}, b: {image: "registry.invalid/x:1"}}`,
    });
    const refused = await project.run("pull", "a");
    expect([refused.code, refused.stderr.replaceAll(String(port), "PORT")]).toMatchInlineSnapshot(`
      [
        1,
        " Image 127.0.0.1:PORT/x:1  Pulling
       Image 127.0.0.1:PORT/x:1  the engine cannot reach the registry 127.0.0.1:PORT: connection refused; trying again in 0.5 s
       Image 127.0.0.1:PORT/x:1  the engine cannot reach the registry 127.0.0.1:PORT: connection refused; trying again in 1 s
       Image 127.0.0.1:PORT/x:1  the engine cannot reach the registry 127.0.0.1:PORT: connection refused; trying again in 2 s
       Image 127.0.0.1:PORT/x:1  Error the engine cannot reach the registry 127.0.0.1:PORT: connection refused
      error: image 127.0.0.1:PORT/x:1: the engine cannot reach the registry 127.0.0.1:PORT: connection refused
        hint: check the image's name, and the network of the engine's machine
      ",
      ]
    `);
    const unknown = await project.run("pull", "b");
    expect([unknown.code, unknown.stderr]).toMatchInlineSnapshot(`
      [
        1,
        " Image registry.invalid/x:1  Pulling
       Image registry.invalid/x:1  Error the engine cannot reach the registry registry.invalid: no such host
      error: image registry.invalid/x:1: the engine cannot reach the registry registry.invalid: no such host
        hint: check the image's name, and the network of the engine's machine
      ",
      ]
    `);
  });

  test("what is not there is not asked for twice", async () => {
    await using proxy = await openFlakyProxy(registry.address);
    await using project = await openProject({
      "compose.yaml": `services: {a: {image: "${proxy.address}/flaky/no:1"}}`,
    });
    const ran = await project.run("pull");
    expect(ran.stderr).not.toContain("trying again");
    expect(ran.code).toBe(1);
  });
});
