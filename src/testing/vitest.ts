/**
 * Compose projects for tests that vitest runs.
 *
 * @example
 * const test = composeTest({ cwd: import.meta.dirname });
 * test("saves", async ({ compose }) => use(compose.service("db").url(5432, "postgres")));
 */
import { inject, test as base, type TestAPI } from "vitest";

import {
  joinProject,
  startProject,
  type SharedProject,
  type TestProject,
  type TestProjectOptions,
} from "./start-project.ts";

export type { TestProject, TestProjectOptions } from "./start-project.ts";
export type { Readiness } from "./readiness.ts";
export type { TestService } from "./service.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** By `composeSetup`. */
    tscompose: SharedProject;
  }
}

export interface ComposeTestOptions extends TestProjectOptions {
  /** How long one project serves: all files of a worker, or one file. "worker" unless given. */
  readonly per?: "worker" | "file";
}

export interface ComposeFixtures {
  compose: TestProject;
  /** Nothing to use: it shows what the services have written when a test fails. */
  composeLogs: void;
}

/** `test` with a project of its own; it is brought up when the first test wants it. */
export function composeTest({ per = "worker", ...options }: ComposeTestOptions = {}): TestAPI<ComposeFixtures> {
  return withProject(() => startProject(options), per);
}

/** `test` with the project that the global set-up has brought up: one for the whole run. */
export function sharedComposeTest(): TestAPI<ComposeFixtures> {
  return withProject(() => joinProject(inject("tscompose")), "worker");
}

/**
 * A global set-up: one project for the whole run, which `sharedComposeTest` gives to tests.
 *
 * @example
 * // vitest.setup.ts, named in `globalSetup` of vitest.config.ts
 * export default composeSetup({ cwd: import.meta.dirname });
 */
export function composeSetup(options: TestProjectOptions = {}): (vitest: Providing) => Promise<() => Promise<void>> {
  return async (vitest) => {
    const project = await startProject(options);
    vitest.provide("tscompose", project.share());
    return () => project.stop();
  };
}

/** What vitest gives a global set-up. */
interface Providing {
  provide(key: "tscompose", value: SharedProject): void;
}

function withProject(start: () => Promise<TestProject>, scope: "worker" | "file"): TestAPI<ComposeFixtures> {
  return base.extend<ComposeFixtures>({
    compose: [
      // oxlint-disable-next-line no-empty-pattern -- vitest reads off the pattern what a fixture needs
      async ({}, use) => {
        const project = await start();
        try {
          await use(project);
        } finally {
          await project.stop();
        }
      },
      { scope },
    ],
    composeLogs: [
      async ({ compose, onTestFailed }, use) => {
        const started = new Date();
        // Part of the failure, so that it is there in every kind of report; a failed test takes no annotations any more.
        onTestFailed(async ({ task }) => {
          const [error] = task.result?.errors ?? [];
          const logs = await logsSince(compose, started);
          if (error !== undefined && logs !== "") error.message += `\n\n${logs}`;
        });
        await use();
      },
      { auto: true },
    ],
  });
}

/** Of each service what it has written while the test ran, the last of it. */
async function logsSince({ compose }: TestProject, since: Date): Promise<string> {
  const written = new Map<string, string[]>();
  for await (const { service, text } of compose.logs({ since: String(since.getTime() / 1000) })) {
    const lines = written.get(service) ?? [];
    lines.push(text);
    written.set(service, lines.slice(-linesShown));
  }
  return [...written].map(([service, lines]) => `logs of ${service}:\n${lines.join("\n")}\n`).join("\n");
}

const linesShown = 50;
