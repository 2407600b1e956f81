// What a program may do to the library that a command line cannot.
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { beforeAll, expect, onTestFinished, test } from "vitest";

import {
  CancelledError,
  type Compose,
  type ComposeOptions,
  openCompose,
  UsageError,
  type WatchEvent,
} from "../../src/index.ts";
import { removeProject } from "../harness/clean.ts";
import { ensureImage, testImages } from "../harness/images.ts";
import { uniqueName } from "../harness/project.ts";

const image = testImages.busybox;
beforeAll(() => ensureImage(image));

const document = { services: { web: { image, command: "sleep 1000", init: true, stop_grace_period: "1s" } } };

test("input that fails is the failure of what reads it", async () => {
  await using compose = await openOne();
  await compose.up();
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("first");
    throw new RangeError("the source has run dry");
  }
  await expect(compose.exec("web", ["cat"], { input: failing() })).rejects.toThrow(RangeError);
  await expect(compose.run("web", ["cat"], { input: failing() })).rejects.toThrow("run dry");
  // The engine may be removing it at this moment by itself, as its command has lost its input.
  const left = async (): Promise<readonly boolean[]> => (await compose.ps({ all: true })).map(({ oneOff }) => oneOff);
  await expect.poll(left, { timeout: 30_000 }).toEqual([false]);
});

test("a number of containers that is none is refused before anything is done", async () => {
  await using compose = await openOne();
  await compose.up();
  for (const count of [-1, 1.5, Number.NaN, Infinity]) {
    await expect(compose.scale({ web: count }), String(count)).rejects.toThrow(UsageError);
    await expect(compose.up({ scale: { web: count } }), String(count)).rejects.toThrow(UsageError);
  }
  expect(await compose.ps()).toHaveLength(1);
});

test("a process that goes elsewhere leaves its projects where they are", async () => {
  const [first, second, before] = [await folder(), await folder(), process.cwd()];
  onTestFinished(() => process.chdir(before));
  process.chdir(first);
  const variable = `TST_IMAGE_${process.pid}`;
  onTestFinished(() => void delete process.env[variable]);
  process.env[variable] = image;
  const compose = await openCompose({
    document: { services: { web: { ...document.services.web, image: `\${${variable}}` } } },
  });
  const { name } = await compose.project();
  onTestFinished(() => removeProject(name));
  {
    await using _scope = compose;
    await compose.up();
    process.chdir(second);
    delete process.env[variable];
    expect(await compose.project()).toMatchObject({ name, workingDir: first });
    expect((await compose.plan()).steps).toEqual([]);
  }
  await using after = await openOne({ projectName: name });
  expect(await after.ps({ all: true })).toEqual([]);
});

test("relative paths start from the folder that was given", async () => {
  const cwd = await folder();
  await using compose = await openOne({ cwd });
  await compose.up();
  await compose.exec("web", ["sh", "-c", "echo kept > /tmp/note"]);
  await compose.cp("web:/tmp/note", "note.txt");
  expect(await readFile(path.join(cwd, "note.txt"), "utf8")).toBe("kept\n");
  await compose.cp("./note.txt", "web:/tmp/again");
  expect((await compose.exec("web", ["cat", "/tmp/again"])).stdout).toBe("kept\n");
  await compose.export("web", "all.tar");
  expect((await stat(path.join(cwd, "all.tar"))).size).toBeGreaterThan(0);
});

test("watching that is cancelled says so as every call does; stopping it is no failure", async () => {
  const cwd = await folder();
  const develop = { watch: [{ action: "sync" as const, path: ".", target: "/src" }] };
  await using compose = await openOne({ cwd, document: { services: { web: { ...document.services.web, develop } } } });
  for (const end of ["stop", "signal"] as const) {
    const controller = new AbortController();
    const onWatch = ({ kind }: WatchEvent): void => {
      if (kind === "enabled") controller.abort();
    };
    const watching = compose.watch({ onWatch, [end]: controller.signal });
    if (end === "stop") await watching;
    else await expect(watching).rejects.toThrow(CancelledError);
  }
});

test("a command that runs while its project is let go of takes its container along", async () => {
  for (const leave of ["close", "dispose"] as const) {
    const projectName = uniqueName();
    const compose = await openOne({ projectName });
    let run: Promise<unknown> | undefined;
    await new Promise<void>((resolve) => {
      const onOutput = (): undefined => {
        resolve();
        return undefined;
      };
      const command = ["sh", "-c", "echo here; sleep 1000"];
      run = compose.run("web", command, { onOutput }).catch((error: unknown) => error);
    });
    await (leave === "close" ? compose.close() : compose[Symbol.asyncDispose]());
    await using after = await openOne({ projectName });
    expect(await after.ps({ all: true }), leave).toEqual([]);
    expect(await run, leave).toBeInstanceOf(CancelledError);
  }
});

test("closing ends what is under way", async () => {
  const compose = await openOne();
  await compose.up();
  const lines = compose.logs({ follow: true })[Symbol.asyncIterator]().next();
  const ended = compose.wait(["web"]);
  const both = Promise.allSettled([lines, ended]);
  await compose.ps();
  await compose.close();
  expect((await both).map((each) => each.status === "rejected" && each.reason instanceof CancelledError)).toEqual([
    true,
    true,
  ]);
});

async function openOne(options: ComposeOptions = {}): Promise<Compose> {
  const projectName = options.projectName ?? uniqueName();
  onTestFinished(() => removeProject(projectName));
  return openCompose({ document, ...options, projectName });
}

async function folder(): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), "tst-edges-"));
  onTestFinished(() => rm(made, { recursive: true }));
  return made;
}
