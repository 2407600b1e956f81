#!/usr/bin/env node
// Starts the bundle beside it. Most of a short run is V8 reading and compiling: CommonJS is read at once instead of
// module by module, and the compiled form of what a usual run needs lies beside it, for the version of Node that built
// it. Another version, or a lost file, only costs time.
"use strict";
const { readFileSync, renameSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const path = require("node:path");

// Most runs end before optimised code pays for having been made: with a budget 15 times V8's own, loading a project of
// 200 services takes half the processor time. What runs long (endless logs) is optimised all the same, a little later.
// V8 12, that of Node 22, no longer has the flag, and would say so.
if (Number.parseInt(process.versions.v8, 10) < 12) {
  require("node:v8").setFlagsFromString("--interrupt-budget=2000000");
}

const folder = path.join(__dirname, "chunks");
const bundle = "BUNDLE.cjs";
const write = process.env.TSCOMPOSE_WRITE_CODE_CACHE === "1";
// Newer versions of Node keep compiled code themselves.
if (Module.enableCompileCache !== undefined && !write) {
  Module.enableCompileCache();
  require(path.join(folder, bundle));
} else {
  const own = Module.createRequire(path.join(folder, bundle));
  const loaded = new Map();
  load(bundle);

  /** The bundle, or one of those that it requires: "./yaml-….cjs". */
  function load(name) {
    const known = loaded.get(name);
    if (known !== undefined) return known.exports;
    const loading = { exports: {} };
    loaded.set(name, loading);
    compile(path.join(folder, name)).runInThisContext()(
      loading.exports,
      requireFrom,
      loading,
      path.join(folder, name),
      folder,
    );
    return loading.exports;
  }

  function requireFrom(name) {
    return name.startsWith("./") ? load(name.slice(2)) : own(name);
  }
  requireFrom.resolve = own.resolve;
}

function compile(file) {
  const { Script } = require("node:vm");
  const cache = file.replace(/\.cjs$/, `-${process.version}-${process.arch}.cache`);
  const script = new Script(Module.wrap(readFileSync(file, "latin1")), { filename: file, cachedData: read(cache) });
  // A run that is to be remembered adds what it needed to what was known before.
  if (write) process.once("exit", () => store(cache, script.createCachedData()));
  return script;
}

function read(cache) {
  try {
    return readFileSync(cache);
  } catch {
    return undefined;
  }
}

function store(cache, data) {
  writeFileSync(`${cache}.new`, data);
  renameSync(`${cache}.new`, cache);
}
