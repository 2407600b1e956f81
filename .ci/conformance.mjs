// node .ci/conformance.mjs KIT config|engine [OPTION…]: runs the kit on the built CLI. The cases that docs/compatibility.md
// lists between its markers must differ from docker compose, all others must not.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const [kit, kind, ...options] = process.argv.slice(2);
const listed =
  /<!-- deviations -->([^]*?)<!-- \/deviations -->/.exec(readFileSync("docs/compatibility.md", "utf8"))?.[1] ?? "";
const expected = new Set([...listed.matchAll(/^- `([\w.-]+)`/gm)].map(([, name]) => name));

const args = [kit, kind, "--bin", "node dist/cli.js", "--json", ...options];
const ran = spawnSync(process.execPath, args, { encoding: "utf8", maxBuffer: 1 << 28 });
if (!ran.stdout.startsWith("{")) {
  console.error(ran.stdout, ran.stderr);
  process.exit(1);
}
const report = JSON.parse(ran.stdout);
const differing = new Map(report.failed.map((each) => [each.name, each.problems]));
const surprises = [...differing].filter(([name]) => !expected.has(name));
const names = spawnSync("ls", [`${kit.replace(/run\.mjs$/, "cases")}/${kind}`], { encoding: "utf8" }).stdout.split(
  "\n",
);
const agreeing = names.filter((name) => expected.has(name) && !differing.has(name));

for (const [name, problems] of surprises) {
  console.log(`differs: ${name}`);
  for (const problem of problems.slice(0, 4))
    console.log(`  ${typeof problem === "string" ? problem : JSON.stringify(problem)}`);
}
for (const name of agreeing) console.log(`agrees, although docs/compatibility.md says that it differs: ${name}`);
const failed = surprises.length + agreeing.length;
console.log(`${report.total - report.skipped.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
