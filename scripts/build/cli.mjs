// One process start is most of what `tscompose ps` costs. So the CLI is one file to read instead of hundreds, each part
// of it runs only when it is needed, and V8's compiled form of it lies beside it (start.cjs).
import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";

import { build } from "esbuild";

import { bundleApart } from "./apart.mjs";
import { warmUp } from "./warm-up.mjs";

export async function bundleCli({ clean }) {
  const { plugin, files } = await bundleApart(options);
  const { outputFiles } = await build({
    ...options,
    entryPoints: ["src/cli/main.ts"],
    external: ["@grpc/*", "cpu-features", "protobufjs", "ssh2"],
    plugins: [plugin, loadLate],
  });
  await writeOutput(outputFiles[0].contents, files, { clean });
}

const options = {
  bundle: true,
  format: "cjs",
  platform: "node",
  target: "node20",
  // Bundles are run by vm.Script (start.cjs), where import() would have to be provided for: require() does as well.
  supported: { "dynamic-import": false },
  // Names stay, for stack traces that one can read; comments and blanks only cost time at each start.
  minifySyntax: true,
  minifyWhitespace: true,
  legalComments: "none",
  charset: "ascii",
  // Where programs that are run beside the bundle are found.
  define: { "import.meta.url": "__bundleUrl" },
  banner: { js: 'const __bundleUrl = "file://" + encodeURI(__filename);' },
  write: false,
  logLevel: "silent",
};

// dockerode requires these at its top; ssh2, grpc and protobuf behind them cost 85 ms and serve ssh:// hosts and
// credentials of a build session only. They stay outside the bundle (a .proto file and native code belong to them) and
// are found through dockerode, whose dependencies they are, wherever the package manager put them.
const loadLate = {
  name: "load-late",
  setup({ onLoad, onResolve }) {
    // What dockerode packs build contexts with; ours are packed by src/engine/build.
    onResolve({ filter: /^(tar-fs|@balena\/dockerignore)$/ }, ({ path: name }) => ({ path: name, namespace: "late" }));
    // Node's own modules for what most people never do, talk to an engine by TLS say, cost 5 ms, too.
    onResolve({ filter: /^(https|zlib)$/ }, ({ path: name, importer }) =>
      /[\\/]docker(-modem|ode)[\\/]/.test(importer) ? { path: `node:${name}`, namespace: "late" } : undefined,
    );
    onLoad({ filter: /./, namespace: "late" }, ({ path: name }) => ({ contents: lateModule(name, lateMembers[name]) }));
    // A copy of Node's own streams for the sake of old Nodes.
    onResolve({ filter: /^readable-stream$/ }, ({ importer }) =>
      importer.includes("docker-modem") ? { path: "node:stream", external: true } : undefined,
    );
    onLoad(
      { filter: /[\\/](docker-modem[\\/]lib[\\/]ssh|dockerode[\\/]lib[\\/](session|buildkit))\.js$/ },
      ({ path: file }) => {
        const name = file
          .split(/[\\/]node_modules[\\/]/)
          .at(-1)
          .replaceAll("\\", "/");
        return { contents: lateModule(name, name.endsWith("buildkit.js") ? "followProgress" : undefined) };
      },
    );
    // commander wants child_process for commands that are programs of their own; we have none, and it costs 5 ms.
    onLoad({ filter: /[\\/]commander[\\/]lib[\\/]command\.js$/ }, async ({ path: file }) => {
      const source = await readFile(file, "utf8");
      return { contents: source.replace("const childProcess = require('node:child_process');", "") };
    });
  },
};

const lateMembers = { "tar-fs": "pack", "node:https": "request", "node:zlib": "createGzip" };

/** A module that is a function, or an object with one function that somebody calls. */
function lateModule(name, member) {
  const from = name.startsWith("node:") ? "require" : `__createRequire(require.resolve("dockerode"))`;
  const load = `${from}(${JSON.stringify(name)})`;
  const body =
    member === undefined
      ? `module.exports = (...args) => late()(...args);`
      : `module.exports = { ${member}: (...args) => late().${member}(...args) };`;
  return `const { createRequire: __createRequire } = require("node:module");
    const late = () => ${load};
    ${body}`;
}

/** What runs compose files that are programs, in a process of its own. */
const runner = "runner.mjs";

/** A process that started before the build may still load its bundle; later ones are in nobody's way. */
const keepOldMs = 10 * 60_000;

/** The bundle first, what starts it last, old ones in the end: a CLI that starts meanwhile finds all it needs. */
async function writeOutput(bundle, apart, { clean }) {
  // The name says what is in it: compiled code must never meet another source.
  const name = `cli-${createHash("sha256").update(bundle).digest("hex").slice(0, 12)}`;
  await mkdir("dist/chunks", { recursive: true });
  await writeFile(`dist/chunks/${name}.cjs`, bundle);
  for (const [file, contents] of apart) await writeFile(`dist/chunks/${file}`, contents);
  await copyFile("src/loader/code/runner.mjs", `dist/chunks/${runner}`);
  // The package is one of ES modules; these two files tell Node what is one and what is not.
  await writeFile("dist/package.json", '{ "type": "commonjs" }\n');
  const start = await readFile("scripts/build/start.cjs", "utf8");
  await writeFile("dist/cli.js.new", start.replace("BUNDLE", name));
  await chmod("dist/cli.js.new", 0o755);
  await warmUp(path.resolve("dist/cli.js.new"));
  await rename("dist/cli.js.new", "dist/cli.js");
  const isNew = (file) =>
    [name, runner, ...[...apart.keys()].map((each) => each.replace(/\.cjs$/, ""))].some((start) =>
      file.startsWith(start),
    );
  const olderThan = clean ? Infinity : Date.now() - keepOldMs;
  for (const each of await readdir("dist/chunks")) {
    const file = path.join("dist/chunks", each);
    if (!isNew(each) && (await stat(file)).mtimeMs < olderThan) await rm(file);
  }
}
