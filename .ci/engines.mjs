#!/usr/bin/env node
// The same two projects on every engine and over every way to one that can be had here; the table in
// docs/compatibility.md says what came of it.
//
//   .ci/engines.mjs            runs, and fails where a way does otherwise than the table says
//   .ci/engines.mjs --write    runs, and writes the table
//   .ci/engines.mjs Podman     runs those whose names hold the word
//
// What this machine cannot have is left out with the reason, and its row stays as it is.
import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

import { root, run, scratch, servers, socket, ways } from "./engine-ways.mjs";

const steps = ["up --wait", "ps", "logs", "exec", "up again", "build", "down"];

let failed = 0;
let passed = 0;
const results = new Map();
try {
  const words = process.argv.slice(2).filter((word) => !word.startsWith("--"));
  for (const [name, { start }] of Object.entries(ways)) {
    if (words.length > 0 && !words.some((word) => name.includes(word))) continue;
    const way = await start().catch((error) => ({
      absent: String(error.stderr ?? error.message)
        .trim()
        .split("\n")
        .at(-1),
    }));
    if (way.absent !== undefined) {
      console.log(`${name}: left out, ${way.absent}`);
      continue;
    }
    const row = await lifecycle(way);
    results.set(name, row);
    console.log(
      `${name}: ${steps.map((step) => `${step} ${row[step] === "" ? "works" : `FAILS (${row[step]})`}`).join(", ")}`,
    );
  }
} finally {
  for (const server of servers) server.close();
  for (const program of ["sshd", "podman", "older-engine"]) await run(`.ci/${program}`, ["stop"]).catch(() => {});
  rmSync(scratch, { recursive: true, force: true });
}
compare();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);

async function lifecycle(way) {
  const name = `tst-engines-${process.pid}-${results.size}`;
  const chain = project(
    "health-chain",
    name,
    `services:
${["schema", "database", "api", "web"].map((each) => `  ${each}: { image: tscompose-test/busybox${each === "web" ? ', ports: !override ["127.0.0.1::8080"]' : ""} }`).join("\n")}
`,
  );
  const web = project(
    "node-web",
    `${name}-web`,
    `services:
  web: { build: { args: { NODE_IMAGE: tscompose-test/node } }, ports: !override ["127.0.0.1::8080"] }
`,
  );
  const row = {};
  const check = async (step, act) => {
    row[step] = await act().then(
      () => "",
      (error) => reason(error),
    );
  };
  await run("node", ["scripts/stand-ins.mjs", "--no-pull", "tscompose-test/busybox", "tscompose-test/node"], {
    env: { DOCKER_HOST: way.images ?? `unix://${socket}` },
  });
  await check("up --wait", () => compose(way, chain, "up", "-d", "--wait"));
  await check("ps", async () => {
    const listed = (await compose(way, chain, "ps", "-a", "--format", "json"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const states = listed
      .map(({ Service, State, ExitCode }) => `${Service} ${State} ${ExitCode}`)
      .sort()
      .join(", ");
    expect(states, "api running 0, database running 0, schema exited 0, web running 0");
  });
  await check("logs", async () => {
    const lines = (await compose(way, chain, "logs", "--no-log-prefix", "schema", "database"))
      .trim()
      .split("\n")
      .sort();
    expect(lines.join(", "), "database is ready, schema is in place");
  });
  await check("exec", async () =>
    expect(
      await compose(way, chain, "exec", "-T", "api", "sh", "-c", "wget -q -O - http://web:8080/etc/passwd | head -c 5"),
      "root:",
    ),
  );
  // Only the job that has ended is to be run again.
  await check("up again", async () => expect(await compose(way, chain, "plan"), /^1 to start; 3 up to date\n/));
  await check("build", async () => {
    await compose(way, web, "up", "-d", "--wait", "--build");
    expect(await compose(way, web, "logs", "--no-log-prefix"), /listening on port 8080/);
  });
  await check("down", async () => {
    for (const each of [chain, web]) {
      await compose(way, each, "down", "--rmi", "local", "-t", "2");
      expect((await compose(way, each, "ps", "-aq")).trim(), "");
    }
  });
  return row;
}

function project(example, name, override) {
  const folder = path.join(scratch, name);
  cpSync(path.join(root, "examples", example), folder, { recursive: true });
  writeFileSync(path.join(folder, "docker-compose.override.yml"), override);
  return { name, folder };
}

async function compose({ env, before = [] }, { name, folder }, ...args) {
  const [program, ...rest] = [...before, process.execPath, path.join(root, "dist/cli.js"), "-p", name, ...args];
  return run(program, rest, { cwd: folder, env });
}

function expect(found, wanted) {
  if (wanted instanceof RegExp ? wanted.test(found) : found === wanted) return;
  throw new Error(`${JSON.stringify(found)} instead of ${String(wanted)}`);
}

function reason(error) {
  const text =
    String(error.stderr ?? "")
      .split("\n")
      .find((line) => line.startsWith("error:")) ?? error.message;
  return text.replace(/^error: /, "").slice(0, 300);
}

function compare() {
  const file = path.join(root, "docs/compatibility.md");
  const text = readFileSync(file, "utf8");
  const [start, end] = [
    text.indexOf("<!-- engines -->") + "<!-- engines -->".length,
    text.indexOf("<!-- /engines -->"),
  ];
  const inner = text.slice(start, end);
  const said = new Map(
    inner
      .trim()
      .split("\n")
      .slice(2)
      .map((line) => [cells(line)[0], cells(line)]),
  );
  for (const [name, row] of results) {
    const line = [name, ...steps.map((step) => (row[step] === "" ? "✓" : "✗"))];
    if (said.get(name)?.join() === line.join()) passed += 1;
    else if (process.argv.includes("--write")) passed += 1;
    else {
      failed += 1;
      console.log(
        `docs/compatibility.md says "${said.get(name)?.join(" ") ?? "nothing"}", but it is "${line.join(" ")}"`,
      );
    }
    said.set(name, line);
  }
  if (!process.argv.includes("--write")) return;
  const lines = Object.keys(ways).flatMap((name) => (said.has(name) ? `| ${said.get(name).join(" | ")} |` : []));
  const head = `| | ${steps.join(" | ")} |\n|---|${steps.map(() => ":-:").join("|")}|`;
  writeFileSync(file, `${text.slice(0, start)}\n\n${head}\n${lines.join("\n")}\n\n${text.slice(end)}`);
  execFileSync("npx", ["oxfmt", file], { cwd: root, stdio: "ignore" });
}

function cells(line) {
  return line
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());
}
