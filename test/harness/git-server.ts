// A git repository on loopback, over HTTP: what engines can fetch without a network.
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { promisify } from "node:util";

export interface GitServer extends AsyncDisposable {
  /** Of a repository with one commit on its branch "main". */
  readonly url: string;
}

export async function openGitServer(files: Readonly<Record<string, string>>): Promise<GitServer> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "tst-git-"));
  await makeRepository(folder, files);
  const server = http.createServer((request, response) => backend(folder, request, response));
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/repository.git`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function makeRepository(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  const work = path.join(folder, "work");
  for (const [file, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(work, file)), { recursive: true });
    await writeFile(path.join(work, file), text);
  }
  const git = (...args: readonly string[]): Promise<unknown> => promisify(execFile)("git", args, { cwd: work });
  const author = ["-c", "user.name=test", "-c", "user.email=test@localhost"];
  await git("init", "-q", "-b", "main");
  await git("add", ".");
  await git(...author, "commit", "-q", "-m", "all");
  await git("clone", "-q", "--bare", ".", path.join(folder, "repository.git"));
}

/** git speaks CGI: variables in, headers and a body out. */
function backend(folder: string, request: http.IncomingMessage, response: http.ServerResponse): void {
  const { pathname, search } = new URL(request.url ?? "/", "http://localhost");
  const env = {
    ...process.env,
    GIT_PROJECT_ROOT: folder,
    GIT_HTTP_EXPORT_ALL: "1",
    PATH_INFO: pathname,
    QUERY_STRING: search.slice(1),
    REQUEST_METHOD: request.method,
    CONTENT_TYPE: request.headers["content-type"] ?? "",
    HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "",
    GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
  };
  const child = spawn("git", ["http-backend"], { env, stdio: ["pipe", "pipe", "ignore"] });
  request.pipe(child.stdin);
  const chunks: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  child.stdout.on("end", () => {
    const all = Buffer.concat(chunks);
    const end = all.indexOf("\r\n\r\n");
    const headers = all
      .subarray(0, end)
      .toString()
      .split("\r\n")
      .map((line) => line.split(": "));
    const status = headers.find(([name]) => name === "Status")?.[1];
    response.writeHead(status === undefined ? 200 : Number.parseInt(status, 10), Object.fromEntries(headers));
    response.end(all.subarray(end + 4));
  });
}
