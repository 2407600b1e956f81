import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { afterAll, beforeAll, expect, onTestFailed, onTestFinished } from "vitest";

import { collectArtifacts, writeArtifacts } from "./artifacts.ts";
import { removeProject } from "./clean.ts";
import { projectRoot, type Ran, runCli, type RunningCli, type RunOptions, startCli } from "./cli.ts";
import { ensureImage, testImages } from "./images.ts";

export interface TestProject extends AsyncDisposable {
  /** Unique, so that tests can run side by side on one engine. */
  readonly name: string;
  readonly folder: string;
  /** `tscompose …` in its folder, under its name. */
  run(...args: string[]): Promise<Ran>;
  runWith(options: RunOptions, ...args: string[]): Promise<Ran>;
  start(...args: string[]): Promise<RunningCli>;
  /** Like `run`; a failure fails the test with what was printed. Returns standard output. */
  succeed(...args: string[]): Promise<string>;
  write(files: Readonly<Record<string, string>>): Promise<void>;
  /** The name of its container, "web-1". */
  container(shortName: string): string;
}

/**
 * A project in a folder of its own, taken off the engine and the disk when the test ends:
 * `await using project = await openProject({ "compose.yaml": "…" })`.
 */
export async function openProject(files: Readonly<Record<string, string>>): Promise<TestProject> {
  const name = uniqueName();
  const folder = await mkdtemp(path.join(os.tmpdir(), `${name}-`));
  const project = testProject(name, folder);
  await project.write(files);
  return project;
}

/** One project for all tests of a file, brought up before the first of them; `onOpened` is told which. */
export function shareProject(files: Readonly<Record<string, string>>, onOpened: (project: TestProject) => void): void {
  let project: TestProject | undefined;
  beforeAll(async () => {
    await ensureImage(testImages.busybox);
    project = await openProject(files);
    onOpened(project);
    await project.succeed("up", "-d");
  });
  afterAll(() => project?.[Symbol.asyncDispose]());
}

/** A copy of an example, with images and ports of the test's own in `override`; `files` where the defaults do not do. */
export async function openExample(example: string, override: string, files?: readonly string[]): Promise<TestProject> {
  const name = uniqueName();
  const folder = await mkdtemp(path.join(os.tmpdir(), `${name}-`));
  await cp(path.join(projectRoot, "examples", example), folder, { recursive: true });
  const project = testProject(name, folder, files === undefined ? {} : { COMPOSE_FILE: files.join(":") });
  await project.write({ "docker-compose.override.yml": override });
  return project;
}

function testProject(name: string, folder: string, env: Readonly<Record<string, string>> = {}): TestProject {
  let evidence: Promise<ReadonlyMap<string, string>> | undefined;
  // Whether the test failed is known only after this; the evidence has to be taken before all is gone.
  const close = (): Promise<ReadonlyMap<string, string>> => (evidence ??= closeProject(name, folder));
  const title = expect.getState().currentTestName;
  if (title !== undefined) {
    onTestFinished(async () => void (await close())); // a test that timed out never leaves its scope
    onTestFailed(async () => writeArtifacts(title, await close()));
  }
  const runWith = (options: RunOptions, ...args: string[]): Promise<Ran> =>
    runCli(["-p", name, ...args], { cwd: folder, ...options, env: { ...env, ...options.env } });
  return {
    name,
    folder,
    runWith,
    run: (...args) => runWith({}, ...args),
    start: (...args) => startCli(["-p", name, ...args], { cwd: folder, env }),
    async succeed(...args) {
      const ran = await runWith({}, ...args);
      if (ran.code !== 0) throw new Error(`tscompose ${args.join(" ")}: exit ${ran.code}\n${ran.stdout}${ran.stderr}`);
      return ran.stdout;
    },
    async write(files) {
      for (const [file, text] of Object.entries(files)) {
        const target = path.join(folder, file);
        await mkdir(path.dirname(target), { recursive: true });
        await writeFile(target, text);
      }
    },
    container: (shortName) => `${name}-${shortName}`,
    async [Symbol.asyncDispose]() {
      await close();
    },
  };
}

async function closeProject(name: string, folder: string): Promise<ReadonlyMap<string, string>> {
  const evidence = await collectArtifacts(name, folder);
  await removeProject(name);
  await rm(folder, { recursive: true, force: true });
  return evidence;
}

let count = 0;

/** Carries the pid, by which a later run sees that its owner is gone (sweep.ts). */
export function uniqueName(): string {
  count += 1;
  return `tst-${process.pid}-${count}`;
}
