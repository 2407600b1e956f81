// node scripts/recording.mjs PICTURE.svg FOLDER COMMAND…
//
// Runs each command in the folder on a terminal of its own and draws what stood there in the end: the pictures in the
// documentation are of real runs. `tscompose` in a command is this project's own. Needs `script` (util-linux).
//
//   node scripts/recording.mjs docs/up.svg examples/health-chain "tscompose up -d --wait" "tscompose ps"
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";

import { showScreen } from "./recording/screen.mjs";
import { drawScreen } from "./recording/svg.mjs";
import { root, runScript, StepFailure } from "./setup/say.mjs";

const columns = 96;

await runScript(async () => {
  const [picture, folder, ...commands] = process.argv.slice(2);
  if (commands.length === 0) throw new StepFailure("recording", "usage: recording.mjs PICTURE.svg FOLDER COMMAND…");
  const bin = mkdtempSync(path.join(os.tmpdir(), "tscompose-recording-"));
  try {
    symlinkSync(path.join(root, "dist/cli.js"), path.join(bin, "tscompose"));
    const env = {
      ...process.env,
      PATH: `${bin}:${process.env.PATH}`,
      TERM: "xterm-256color",
      COLUMNS: String(columns),
    };
    const typed = commands.map(
      (command) => `\x1b[32m$\x1b[0m \x1b[1m${command}\x1b[0m\r\n${record(command, folder, env)}`,
    );
    writeFileSync(picture, drawScreen(showScreen(typed.join("\r\n"), columns), columns));
  } finally {
    rmSync(bin, { recursive: true });
  }
});

function record(command, cwd, env) {
  const sized = `stty cols ${columns} rows 50; ${command}`;
  const { status, stdout, stderr } = spawnSync("script", ["-qec", sized, "/dev/null"], {
    cwd,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  if (status !== 0)
    throw new StepFailure(
      "recording",
      `"${command}" failed\n${stdout ?? ""}${stderr ?? ""}`,
      "it needs script, of util-linux",
    );
  return stdout;
}
