import { execFileSync } from "node:child_process";
import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { extract } from "tar-stream";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { packContext } from "../../../src/engine/build/context.ts";
import { openFiles } from "../../harness/open-files.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "tscompose-context-"))));
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

async function listing(extra: ReadonlyMap<string, string> = new Map(), dockerfile = "Dockerfile"): Promise<string[]> {
  const reader = extract();
  const context = await packContext({ folder, dockerfile, extra });
  context.on("error", (error) => reader.destroy(error)).pipe(reader);
  const found: string[] = [];
  for await (const entry of reader) {
    let text = "";
    for await (const bytes of entry) text += String(bytes);
    const { header } = entry;
    const what = header.type === "symlink" ? `-> ${header.linkname}` : header.type === "directory" ? "/" : text;
    found.push(`${header.mode?.toString(8)} ${header.uid}:${header.gid} ${header.name} ${what}`);
  }
  return found;
}

test("files, folders, links and modes travel, owned by root", async () => {
  write("Dockerfile", "FROM scratch");
  write("bin/run", "#!/bin/sh");
  chmodSync(join(folder, "bin/run"), 0o755);
  chmodSync(join(folder, "Dockerfile"), 0o644);
  chmodSync(join(folder, "bin"), 0o755);
  symlinkSync("run", join(folder, "bin/link"));
  write("empty", "");
  chmodSync(join(folder, "empty"), 0o600);
  expect(await listing()).toMatchInlineSnapshot(`
    [
      "644 0:0 Dockerfile FROM scratch",
      "755 0:0 bin /",
      "777 0:0 bin/link -> run",
      "755 0:0 bin/run #!/bin/sh",
      "600 0:0 empty ",
    ]
  `);
});

test("what is ignored stays, the Dockerfile and exceptions travel", async () => {
  write(".dockerignore", "**\n!src/**/*.js\n");
  write("deploy/Dockerfile", "FROM scratch");
  write("src/a.js", "a");
  write("src/deep/b.js", "b");
  write("src/deep/b.ts", "b");
  write("secret", "no");
  const names = (await listing(new Map(), "deploy/Dockerfile")).map((line) => line.split(" ")[2]);
  expect(names).toEqual([".dockerignore", "deploy/Dockerfile", "src/a.js", "src/deep/b.js"]);
});

test("<Dockerfile>.dockerignore wins over .dockerignore; inline Dockerfiles are added", async () => {
  write(".dockerignore", "a");
  write("x.Dockerfile.dockerignore", "b");
  write("x.Dockerfile", "FROM scratch");
  write("a", "a");
  write("b", "b");
  const names = (await listing(new Map([[".inline", "FROM scratch"]]), "x.Dockerfile")).map(
    (line) => line.split(" ")[2],
  );
  expect(names).toContain("a");
  expect(names).not.toContain("b");
  expect(names).toContain(".inline");
});

test("hard links and pipes are what they are; what a time cannot be is the nearest one", async () => {
  write("Dockerfile", "FROM scratch");
  write("first", "text");
  linkSync(join(folder, "first"), join(folder, "second"));
  execFileSync("mkfifo", [join(folder, "pipe")]);
  utimesSync(join(folder, "first"), 0, new Date(-86_400_000));
  utimesSync(join(folder, "Dockerfile"), 0, 4_102_444_800);
  const reader = extract();
  (await packContext({ folder, dockerfile: "Dockerfile", extra: new Map() })).pipe(reader);
  const found: unknown[] = [];
  for await (const entry of reader) {
    const { name, type, linkname, mtime, size } = entry.header;
    found.push([name, type, linkname, size, name === "pipe" ? undefined : mtime?.toISOString()]);
    entry.resume();
  }
  expect(found).toEqual([
    ["Dockerfile", "file", null, 12, "2038-01-19T03:14:07.000Z"],
    ["first", "file", null, 4, "1970-01-01T00:00:00.000Z"],
    ["pipe", "fifo", null, 0, undefined],
    ["second", "link", "first", 0, "1970-01-01T00:00:00.000Z"],
  ]);
});

test.skipIf(process.platform !== "linux")("a name that is not UTF-8 is said, unless it is ignored", async () => {
  write("Dockerfile", "FROM scratch");
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/odd`), Buffer.from([0xff])]), "");
  await expect(listing()).rejects.toMatchObject({ hint: expect.stringContaining("not UTF-8") });
  write(".dockerignore", "odd*");
  expect(await listing()).toHaveLength(2);
});

test("a missing folder is a failure of the stream, not a hang", async () => {
  const stream = await packContext({ folder: join(folder, "missing"), dockerfile: "Dockerfile", extra: new Map() });
  await expect(async () => {
    for await (const _ of stream) {
      // drained
    }
  }).rejects.toThrow(/ENOENT/);
});

test.skipIf(process.platform !== "linux")("a context that nobody reads any further lets go of its file", async () => {
  write("Dockerfile", "FROM scratch");
  write("large", "x".repeat(8_000_000));
  const context = await packContext({ folder, dockerfile: "Dockerfile", extra: new Map() });
  context.once("readable", () => context.read());
  await vi.waitFor(async () => expect(await openFiles()).toContain(join(folder, "large")), { timeout: 10_000 });
  context.destroy();
  await vi.waitFor(async () => expect(await openFiles()).not.toContain(join(folder, "large")), { timeout: 10_000 });
});
