// One process start is most of what `tscompose ps` costs. So the CLI is bundled (one file to read instead of hundreds),
// split where the source says `import()`, and what dockerode drags along is loaded only by who needs it.
import { chmod, mkdir, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import path from "node:path";

import { build } from "esbuild";

const shebang = "#!/usr/bin/env node\n";

export async function bundleCli({ clean }) {
  const result = await build({
    entryPoints: { cli: "src/cli/main.ts" },
    outdir: "dist",
    chunkNames: "chunks/[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    // Names stay, for stack traces that one can read; comments and blanks only cost time at each start.
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    // CommonJS dependencies call require() for Node's own modules; an ES module has none.
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
    external: ["@grpc/*", "cpu-features", "protobufjs", "ssh2"],
    plugins: [loadLate],
    write: false,
    logLevel: "silent",
  });
  await writeOutput(result.outputFiles, { clean });
}

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

/** A process that started before the build may still import its chunks; later ones are in nobody's way. */
const keepOldChunksMs = 10 * 60_000;

/** Chunks first, the entry last, old chunks in the end: a CLI that starts meanwhile finds all it imports. */
async function writeOutput(files, { clean }) {
  const [entry] = files.filter((file) => path.basename(file.path) === "cli.js");
  const chunks = files.filter((file) => file !== entry);
  await mkdir("dist/chunks", { recursive: true });
  for (const chunk of chunks) await writeFile(chunk.path, chunk.contents);
  const text = entry.text.startsWith("#!") ? entry.text : shebang + entry.text;
  await writeFile("dist/cli.js.new", text);
  await chmod("dist/cli.js.new", 0o755);
  await rename("dist/cli.js.new", "dist/cli.js");
  const current = new Set(chunks.map((chunk) => path.basename(chunk.path)));
  const olderThan = clean ? Infinity : Date.now() - keepOldChunksMs;
  for (const name of await readdir("dist/chunks")) {
    const file = path.join("dist/chunks", name);
    if (!current.has(name) && (await stat(file)).mtimeMs < olderThan) await rm(file);
  }
}
