import { execFile } from "node:child_process";
import { mkdtemp } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";

import { expect, test } from "vitest";

import { builtCli, cliEnvironment } from "../harness/cli.ts";

test.each(["ps", "up -d", "config", "down"])("%s in a folder that is gone", async (verb) => {
  const cli = await builtCli();
  const folder = await mkdtemp(path.join(os.tmpdir(), "tst-gone-"));
  const script = `cd "$0" && rmdir "$0" && exec "$@"`;
  const args = ["-c", script, folder, process.execPath, cli, ...verb.split(" ")];
  const ran = promisify(execFile)("/bin/sh", args, { env: cliEnvironment(undefined) });
  await expect(ran).rejects.toMatchObject({
    code: 1,
    stdout: "",
    stderr:
      'error: the folder that you are in does not exist any more\n  hint: change into another one; where it was made anew: cd "$PWD"\n',
  });
});
