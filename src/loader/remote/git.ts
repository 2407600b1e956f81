import { execFile } from "node:child_process";
import { realpath, stat } from "node:fs/promises";
import { dirname, join, sep } from "node:path";
import { promisify } from "node:util";

import { CancelledError } from "../../model/error.ts";
import { cachedFolder } from "./cache.ts";
import { RemoteError, withoutCredentials } from "./error.ts";
import type { RemoteFile, RemoteOptions } from "./remote.ts";

const run = promisify(execFile);
const defaultNames = ["compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"];

interface GitReference {
  readonly repository: string;
  /** Branch, tag, commit or refs/…; absent: what the remote's HEAD says. */
  readonly ref?: string;
  readonly folder: string;
}

export async function fetchGit(reference: string, options: RemoteOptions): Promise<RemoteFile> {
  const { repository, ref, folder } = parse(reference);
  const commit = await resolveCommit(repository, ref ?? "HEAD", options);
  const root = await cachedFolder(options.environment, `git-${commit}`, async (draft) => {
    await git(["init", "--quiet", draft], repository, options);
    await git(["-C", draft, "fetch", "--quiet", "--depth=1", repository, commit], repository, options);
    await git(["-C", draft, "checkout", "--quiet", "FETCH_HEAD"], repository, options);
  });
  return findFile(root, folder, reference);
}

function parse(reference: string): GitReference {
  const [whole = "", fragment = ""] = reference.split("#", 2);
  const [address = "", query = ""] = whole.split("?", 2);
  const colon = fragment.indexOf(":");
  const asked = readQuery(query, reference);
  const ref = asked.commit ?? one([colon < 0 ? fragment : fragment.slice(0, colon), ...asked.refs], reference);
  const folder = one([colon < 0 ? "" : fragment.slice(colon + 1), ...asked.folders], reference);
  const repository = address.startsWith("github.com/") ? `https://${address}` : address;
  // What starts with a dash would be an option to git, whatever it says.
  if (repository.startsWith("-") || ref.startsWith("-")) {
    throw new RemoteError(`"${withoutCredentials(reference)}" is not a git reference`);
  }
  return { repository, folder, ...(ref !== "" && { ref }) };
}

interface Query {
  readonly refs: readonly string[];
  readonly folders: readonly string[];
  /** More precise than any other. */
  readonly commit: string | undefined;
}

/** `?branch=main&subdir=app`, in the words that the contexts of builds know. */
function readQuery(query: string, reference: string): Query {
  const asked = new URLSearchParams(query);
  const unknown = [...asked.keys()].find((key) => !queryWords.has(key));
  if (unknown !== undefined) {
    const hint = `it may have ref, branch, tag, commit and subdir`;
    throw new RemoteError(`${withoutCredentials(reference)} has the unknown parameter "${unknown}"`, hint);
  }
  const full = (key: string, prefix: string): readonly string[] =>
    asked.getAll(key).map((name) => (name.startsWith(prefix) ? name : prefix + name));
  return {
    refs: [...asked.getAll("ref"), ...full("branch", "refs/heads/"), ...full("tag", "refs/tags/")],
    folders: asked.getAll("subdir"),
    commit: asked.get("commit") ?? asked.get("checksum") ?? undefined,
  };
}

/** The last two say how contexts are checked out, and change nothing for a file. */
const queryWords: ReadonlySet<string> = new Set([
  "ref",
  "branch",
  "tag",
  "commit",
  "checksum",
  "subdir",
  "submodules",
  "keep-git-dir",
]);

/** The one that is named, once or several times; "": none is. */
function one(values: readonly string[], reference: string): string {
  const [first = "", second] = new Set(values.filter((value) => value !== ""));
  if (second === undefined) return first;
  throw new RemoteError(`${withoutCredentials(reference)} names two at once: ${first} and ${second}`);
}

/** Asked each time, so that a branch that moved is seen; the files themselves are fetched once for each commit. */
async function resolveCommit(repository: string, ref: string, options: RemoteOptions): Promise<string> {
  if (/^[0-9a-f]{40}$/.test(ref)) return ref;
  const listed = await git(
    ["ls-remote", "--exit-code", repository, ref, `refs/heads/${ref}`, `refs/tags/${ref}^{}`],
    repository,
    options,
  );
  const lines = listed
    .trim()
    .split("\n")
    .map((line) => line.split("\t"));
  // git lists whatever ends like that, too: feature/main for main.
  const names = [ref, `refs/heads/${ref}`, `refs/tags/${ref}^{}`, `refs/tags/${ref}`, `refs/${ref}`];
  const exact = names.map((name) => lines.find((line) => line[1] === name)).find((line) => line !== undefined);
  const commit = (exact ?? lines[0])?.[0];
  if (commit === undefined || !/^[0-9a-f]{40,64}$/.test(commit)) {
    throw new RemoteError(`the repository ${withoutCredentials(repository)} has no branch or tag "${ref}"`);
  }
  return commit;
}

async function git(args: readonly string[], repository: string, options: RemoteOptions): Promise<string> {
  const kept = [...options.environment].filter(([name]) => !ofAnotherRepository.test(name));
  const env = { ...Object.fromEntries(kept), GIT_TERMINAL_PROMPT: "0" };
  try {
    const { stdout } = await run("git", args, { env, signal: options.signal, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    throw gitFailure(error, repository);
  }
}

/** In a hook git names the repository that the hook is of: ours would be taken for it, and another commit checked out there. */
const ofAnotherRepository =
  /^GIT_(DIR|WORK_TREE|INDEX_FILE|COMMON_DIR|OBJECT_DIRECTORY|QUARANTINE_PATH|NAMESPACE|PREFIX)$/;

function gitFailure(error: unknown, repository: string): unknown {
  if (!(error instanceof Error)) return error;
  if ("code" in error && error.code === "ENOENT") {
    return new RemoteError(
      "compose files from git repositories need the git program",
      "install git, or clone the repository yourself and use the file's path",
    );
  }
  if (error.name === "AbortError") return new CancelledError();
  const said = "stderr" in error ? String(error.stderr).trim() : "";
  const reason = withoutAllCredentials(reasonIn(said));
  const nothingSaid = reason === "" ? "nothing by that name was found there" : reason.replace(/^fatal: /, "");
  return new RemoteError(
    `git cannot read ${withoutCredentials(repository)}: ${nothingSaid}`,
    "check the address and the branch, and that git may read the repository without asking for a password",
  );
}

/** Of ssh git says only that it did not work; why, ssh has said before. What ends with a colon goes on in the next line. */
function reasonIn(said: string): string {
  const lines = said.split("\n").map((line) => line.trim());
  const at = lines.findLastIndex((line) => line.startsWith("fatal:"));
  const fatal = lines[at] ?? said;
  if (fatal.endsWith(":")) return `${fatal} ${lines[at + 1] ?? ""}`.trim();
  const before = lines.slice(0, at).findLast((line) => line !== "");
  return before !== undefined && fatal.includes("Could not read from remote repository") ? before : fatal;
}

function withoutAllCredentials(text: string): string {
  return text.replaceAll(/([a-z+]+:\/\/)[^/@\s']*@/gi, "$1");
}

/** Links in the repository must not lead out of it: their content would be read with this user's rights. */
async function findFile(root: string, folder: string, reference: string): Promise<RemoteFile> {
  const shown = withoutCredentials(reference);
  const inside = await realpath(join(root, folder)).catch(() => undefined);
  if (inside === undefined) throw new RemoteError(`${shown} has no "${folder}"`);
  const base = await realpath(root);
  if (inside !== base && !inside.startsWith(base + sep)) {
    throw new RemoteError(`"${folder}" leads out of the repository ${shown}`);
  }
  if ((await stat(inside)).isFile()) return { path: inside, workingDir: dirname(inside), root: base };
  for (const name of defaultNames) {
    const path = join(inside, name);
    const real = await realpath(path).catch(() => undefined);
    if (real?.startsWith(base + sep) === true) return { path, workingDir: inside, root: base };
  }
  throw new RemoteError(
    `${shown} has no compose file${folder === "" ? "" : ` in "${folder}"`}`,
    `it should have one of: ${defaultNames.join(", ")}`,
  );
}
