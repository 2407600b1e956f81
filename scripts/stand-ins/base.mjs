// The two images that stand-ins are built on, made of this machine's own programs and the libraries they are linked to.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";

import { run, StepFailure } from "../setup/say.mjs";
import { fingerprint, importFolder, inspectImage, recipeLabel } from "./image.mjs";

const searchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const fillers = { busybox: addBusybox, node: addNode };

export async function ensureBase(host, name) {
  const image = `tscompose-stand-in/${name}`;
  const recipe = await fingerprint([import.meta.dirname]);
  if ((await inspectImage(host, image))?.Config?.Labels?.[recipeLabel] === recipe) return;
  if (process.platform !== "linux") {
    throw new StepFailure(
      "images",
      "stand-ins can be made on Linux only",
      "check that the engine can reach a registry",
    );
  }
  const scratch = mkdtempSync(path.join(os.tmpdir(), "tscompose-base-"));
  try {
    const folder = path.join(scratch, "root");
    fillers[name](folder, scratch);
    const changes = [
      `ENV PATH=${searchPath}`,
      `CMD ["${name === "node" ? "node" : "sh"}"]`,
      `LABEL ${recipeLabel}=${recipe}`,
    ];
    await importFolder(host, { image, folder, changes });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function addBusybox(root, scratch) {
  for (const folder of ["bin", "etc", "root", "tmp", "usr/bin", "home/node", "var/run"])
    mkdirSync(path.join(root, folder), { recursive: true });
  chmodSync(path.join(root, "tmp"), 0o1777);
  const busybox = findBusybox(scratch);
  addProgram(root, busybox, "/bin/busybox");
  for (const applet of spawnSync(busybox, ["--list"], { encoding: "utf8" }).stdout.trim().split("\n")) {
    if (applet !== "busybox") symlinkSync("busybox", path.join(root, "bin", applet));
  }
  symlinkSync("/bin/busybox", path.join(root, "usr/bin/env")); // what scripts name in their first line
  const users = [
    ["root", 0, "/root"],
    ["node", 1000, "/home/node"],
    ["nobody", 65534, "/"],
  ];
  writeFileSync(
    path.join(root, "etc/passwd"),
    users.map(([name, id, home]) => `${name}:x:${id}:${id}::${home}:/bin/sh\n`).join(""),
  );
  writeFileSync(path.join(root, "etc/group"), users.map(([name, id]) => `${name}:x:${id}:\n`).join(""));
}

function addNode(root, scratch) {
  addBusybox(root, scratch);
  addProgram(root, realpathSync(process.execPath), "/usr/local/bin/node");
  const npm = npmFolder();
  cpSync(npm, path.join(root, "usr/local/lib/node_modules/npm"), { recursive: true });
  for (const name of ["npm", "npx"]) {
    symlinkSync(`../lib/node_modules/npm/bin/${name}-cli.js`, path.join(root, "usr/local/bin", name));
  }
}

/** The program, and each library that the linker says it loads, at the library's own path. */
function addProgram(root, program, target) {
  copy(program, path.join(root, target));
  const linked = spawnSync("ldd", [program], { encoding: "utf8" }).stdout ?? "";
  for (const [, library] of linked.matchAll(/(\/\S+) \(0x/g)) copy(realpathSync(library), path.join(root, library));
}

function copy(from, to) {
  mkdirSync(path.dirname(to), { recursive: true });
  cpSync(from, to);
  chmodSync(to, 0o755);
}

function findBusybox(scratch) {
  const installed = spawnSync("sh", ["-c", "command -v busybox"], { encoding: "utf8" }).stdout.trim();
  if (installed) return installed;
  // Unpacked, not installed: no need to change the machine for a shell in an image.
  const options = {
    cwd: scratch,
    step: "busybox",
    remedy: "install the package busybox-static (or busybox) and run this again",
  };
  run("apt-get", ["download", "-qq", "busybox-static"], options);
  const [deb] = readdirSync(scratch).filter((file) => file.endsWith(".deb"));
  run("dpkg-deb", ["-x", deb, "deb"], options);
  return ["bin/busybox", "usr/bin/busybox"]
    .map((file) => path.join(scratch, "deb", file))
    .find((file) => existsSync(file));
}

function npmFolder() {
  const command =
    process.env.npm_execpath ?? spawnSync("sh", ["-c", "command -v npm"], { encoding: "utf8" }).stdout.trim();
  return path.resolve(realpathSync(command), "../..");
}
