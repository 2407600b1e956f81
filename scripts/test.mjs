// npm test [-- vitest's arguments]: sets up what is missing, then runs all tests and ends with one line of numbers.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";

import { root, runScript } from "./setup/say.mjs";
import { setUp } from "./setup/setup.mjs";

const results = path.join(root, "test/artifacts/results.json");

await runScript(async () => {
  const { env } = await setUp();
  mkdirSync(path.dirname(results), { recursive: true });
  rmSync(results, { force: true });
  const vitest = [
    "node_modules/vitest/vitest.mjs",
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${results}`,
  ];
  const { status } = spawnSync(process.execPath, [...vitest, ...process.argv.slice(2)], {
    cwd: root,
    env,
    stdio: "inherit",
  });
  const counts = count();
  // A worker that died, or an unhandled rejection, fails the run without failing a test.
  if (status !== 0 && counts.failed === 0) counts.failed = 1;
  console.log(`${counts.passed} passed, ${counts.failed} failed${counts.skipped ? `, ${counts.skipped} skipped` : ""}`);
  process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
});

function count() {
  let report;
  try {
    report = JSON.parse(readFileSync(results, "utf8"));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }; // vitest did not get as far as writing it
  }
  // A file that cannot be loaded counts as one failed test: its own tests are not even known.
  const unloadable = report.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  );
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + unloadable.length,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}
