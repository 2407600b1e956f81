// Images over the engine's API: look, pull, import a folder, build a folder.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { call } from "../setup/engine-api.mjs";
import { say, StepFailure } from "../setup/say.mjs";

export const standInLabel = "dev.tscompose.stand-in";
/** What it was made from, so that a changed recipe or another Node makes it anew. */
export const recipeLabel = "dev.tscompose.stand-in.recipe";

export async function inspectImage(host, image) {
  const { status, text } = await call(host, "GET", `/images/${image}/json`);
  return status === 200 ? JSON.parse(text) : undefined;
}

export async function pullImage(host, image) {
  const [, name, tag = "latest"] = /^(.*?)(?::([^:/]+))?$/.exec(image);
  say(`pulling ${image}`);
  const { status, text } = await call(host, "POST", `/images/create?${new URLSearchParams({ fromImage: name, tag })}`);
  return status === 200 && !failureIn(text);
}

export async function removeStandIns(host) {
  const filters = JSON.stringify({ label: [standInLabel] });
  const { text } = await call(host, "GET", `/images/json?${new URLSearchParams({ filters })}`);
  for (const { RepoTags, Labels } of JSON.parse(text)) {
    const name = Labels[standInLabel];
    if (!RepoTags?.some((tag) => tag === name || tag === `${name}:latest`)) continue;
    const { status } = await call(host, "DELETE", `/images/${name}?force=1`);
    say(`${status === 200 ? "removed" : "could not remove"} the stand-in for ${name}`);
  }
}

/** `changes` are Dockerfile lines for the image's configuration. */
export async function importFolder(host, { image, folder, changes }) {
  const query = new URLSearchParams({ fromSrc: "-", repo: image });
  for (const change of changes) query.append("changes", change);
  await send(host, `/images/create?${query}`, folder, image);
}

export async function buildImage(host, { image, folder, prepare, labels }) {
  const query = new URLSearchParams({ t: image, labels: JSON.stringify(labels), rm: "1", forcerm: "1" });
  if (!prepare) return send(host, `/build?${query}`, folder, image);
  const context = await mkdtemp(path.join(os.tmpdir(), "tscompose-stand-in-"));
  try {
    await cp(folder, context, { recursive: true });
    prepare(context);
    await send(host, `/build?${query}`, context, image);
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

/** Over files, the files directly in folders, and this machine's Node. */
export async function fingerprint(sources) {
  const hash = createHash("sha256").update(process.version);
  for (const source of sources) {
    for (const file of await filesIn(source)) hash.update(await readFile(file));
  }
  return hash.digest("hex").slice(0, 16);
}

async function filesIn(source) {
  if ((await stat(source)).isFile()) return [source];
  const entries = await readdir(source, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(source, entry.name))
    .sort();
}

async function send(host, url, folder, image) {
  const tar = spawn("tar", ["-C", folder, "-c", "--owner=0", "--group=0", "--numeric-owner", "."], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const headers = { "Content-Type": "application/x-tar" };
  const { status, text } = await call(host, "POST", url, { body: tar.stdout, headers });
  const failure = status === 200 ? failureIn(text) : text;
  if (failure) throw new StepFailure(`image ${image}`, failure.trim(), "see the engine's log; is its disk full?");
}

/** The engine answers 200 first and reports what went wrong as the last of many JSON lines. */
function failureIn(text) {
  const lines = text.trim().split(/\r?\n/).filter(Boolean);
  return lines.map((line) => JSON.parse(line)).find((message) => message.error)?.error;
}
