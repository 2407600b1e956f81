import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { connect } from "../../src/engine/connect.ts";
import type { Duplexed, Engine } from "../../src/engine/engine.ts";
import { composeLabels } from "../../src/model/labels.ts";
import type { Project, Service } from "../../src/model/project.ts";
import { call } from "../harness/engine-api.ts";
import { ensureImage, testImages } from "../harness/images.ts";

/** What only a real engine can show: terminals, half-closed connections, archives, large streams. */

const environment = new Map([["DOCKER_HOST", process.env["DOCKER_HOST"] ?? ""]]);
const answers = await call("GET", "/_ping").then(
  () => true,
  () => false,
);
const name = `tst-${process.pid}-${Date.now() % 100_000}-real`;

describe.skipIf(!answers)("a real engine", () => {
  let engine: Engine;
  let count = 0;

  beforeAll(async () => {
    await ensureImage(testImages.busybox);
    engine = await connect({ environment });
  });
  afterAll(async () => {
    for (const { id } of await engine.listContainers({ project: name, all: true }))
      await engine.removeContainer(id, { volumes: true });
    await engine.close();
  });

  async function create(service: Partial<Service>): Promise<string> {
    count += 1;
    const finalName = `${name}-${count}`;
    const { id } = await engine.createContainer({
      project,
      service: { name: "web", network_mode: "none", init: true, ...service },
      image: testImages.busybox,
      name: finalName,
      finalName,
      labels: new Map([[composeLabels.project, name]]),
      references: new Map(),
      inherits: [],
    });
    return id;
  }
  async function started(service: Partial<Service> = {}): Promise<string> {
    const id = await create({ command: ["sleep", "infinity"], ...service });
    await engine.startContainer(id);
    return id;
  }
  const command = (...words: string[]) => ({
    command: words,
    tty: false,
    stdin: true,
    privileged: false,
    detach: false,
  });

  test("closing our direction ends the input, and output still arrives", async () => {
    const id = await started();
    const exec = await engine.createExec(id, command("sh", "-c", "cat; echo done"));
    const session = await engine.startExec(exec, { tty: false, stdin: true });
    await session.write(Buffer.from("typed "));
    await session.write(Buffer.from("text\n"));
    await session.end();
    expect(await text(session)).toBe("typed text\ndone\n");
  });

  test("attached to the main process: nothing reaches it but what is written", async () => {
    const id = await create({ command: ["cat"], stdin_open: true });
    const options = { stdin: true, stdout: true, stderr: true, logs: false, tty: false };
    const session = await engine.attach(id, options);
    await engine.startContainer(id);
    await session.write(Buffer.from("hello\n"));
    const output = session.output[Symbol.asyncIterator]();
    const first = await output.next();
    expect(Buffer.from(first.value?.bytes ?? []).toString()).toBe("hello\n");
    session.close();
  });

  test("a terminal has one stream and takes a size", async () => {
    const id = await started();
    const exec = await engine.createExec(id, {
      ...command("sh", "-c", "stty size; echo to stderr >&2; read line; stty size"),
      tty: true,
      size: { rows: 40, columns: 101 },
    });
    const session = await engine.startExec(exec, { tty: true, stdin: true });
    let output = "";
    for await (const { bytes: said } of session.output) {
      output += Buffer.from(said).toString();
      if (!output.endsWith("to stderr\r\n")) continue;
      await engine.resize({ exec }, { rows: 41, columns: 102 });
      await session.write(Buffer.from("\n"));
    }
    expect(output).toContain("40 101\r\nto stderr\r\n");
    expect(output).toContain("41 102\r\n");
  });

  test("a detached command runs without us", async () => {
    const id = await started();
    const exec = await engine.createExec(id, { ...command("touch", "/tmp/made"), detach: true });
    await engine.startExec(exec, { tty: false, stdin: false, detach: true });
    while ((await engine.inspectExec(exec)).running) await new Promise((settle) => setTimeout(settle, 10));
    expect(await engine.statPath(id, "/tmp/made")).toMatchObject({ name: "made", sizeBytes: 0 });
  });

  test("archives in, out, and a look at a path", async () => {
    const id = await started();
    const exec = await engine.createExec(
      id,
      command("sh", "-c", "mkdir /tmp/d && echo content > /tmp/d/f && ln -s f /tmp/d/l"),
    );
    await text(await engine.startExec(exec, { tty: false, stdin: false }));
    const tar = await bytes(await engine.getArchive(id, "/tmp/d"));
    expect(tar.length % 512).toBe(0);
    const other = await started();
    await engine.putArchive(other, { path: "/tmp", tar, copyOwner: false });
    expect(await engine.statPath(other, "/tmp/d/f")).toMatchObject({ name: "f", sizeBytes: 8 });
    expect(await engine.statPath(other, "/tmp/d/l")).toMatchObject({ linkTarget: "/tmp/d/f" });
    expect(await engine.statPath(other, "/tmp/nope")).toBeUndefined();
    const streamed = (async function* () {
      for (let at = 0; at < tar.length; at += 100) yield tar.subarray(at, at + 100);
    })();
    await engine.putArchive(other, { path: "/", tar: streamed, copyOwner: false });
    expect(await engine.statPath(other, "/d/f")).toMatchObject({ sizeBytes: 8 });
    await expect(engine.getArchive(id, "/tmp/nope")).rejects.toMatchObject({ status: 404 });
  });

  test("nothing is read ahead of a slow reader", async () => {
    const id = await started({ command: ["sh", "-c", "head -c 30000000 /dev/zero | tr '\\0' x"], init: false });
    await (
      await engine.waitContainer(id, "not-running")
    ).exitCode;
    let seen = 0;
    const before = process.memoryUsage().arrayBuffers;
    for await (const chunk of engine.logs(id, { follow: false, timestamps: false, tty: false })) {
      if (seen === 0) {
        await new Promise((settle) => setTimeout(settle, 300));
        expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2_000_000);
      }
      seen += chunk.bytes.length;
    }
    expect(seen).toBe(30_000_000);
  });

  test("following stops when it is told to", async () => {
    const id = await started({ command: ["sh", "-c", "echo one; sleep infinity"] });
    const stop = new AbortController();
    const read = async (): Promise<void> => {
      for await (const _ of engine.logs(id, { follow: true, timestamps: false, tty: false }, stop.signal)) stop.abort();
    };
    await expect(read()).rejects.toMatchObject({ name: "CancelledError" });
  });

  test("what somebody else is removing at this moment is gone when we say so", async () => {
    const id = await started();
    await Promise.race([1, 2].map(() => engine.removeContainer(id, { volumes: true })));
    await expect(engine.inspectContainer(id)).rejects.toMatchObject({ status: 404 });
  });

  test("processes, statistics, export, commit", async () => {
    const id = await started();
    const { titles, processes } = await engine.topContainer(id);
    expect(titles).toContain("CMD");
    expect(processes.map((row) => row.join(" ")).join("\n")).toContain("sleep infinity");
    for await (const sample of engine.statsContainer(id, { stream: false })) {
      expect(sample).toMatchObject({ memoryLimitBytes: expect.any(Number) });
      // What has just started it may not be gone yet.
      expect([1, 2]).toContain(sample.processes);
    }
    expect((await bytes(await engine.exportContainer(id))).length).toBeGreaterThan(100_000);
    const reference = `${name}:committed`;
    const image = await engine.commitContainer(id, {
      reference,
      changes: ["LABEL made=so"],
      pause: true,
      message: "m",
    });
    expect(await engine.findImage(reference)).toMatchObject({ id: image });
    expect((await engine.findImage(reference))?.labels.get("made")).toBe("so");
    expect(await engine.removeImage(reference)).toBe("removed");
  });

  test("a hundred requests at once, on one signal, without a warning", async () => {
    const warnings: string[] = [];
    const note = (warning: Error): void => void warnings.push(warning.message);
    process.on("warning", note);
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 100 }, () => engine.listContainers({ project: name, all: true }, signal)));
    await new Promise((settle) => setImmediate(settle));
    process.off("warning", note);
    expect(warnings).toEqual([]);
  });

  test("an abort in the middle of a call", async () => {
    const id = await started({ init: false });
    await expect(engine.stopContainer(id, { timeoutSeconds: 30 }, AbortSignal.timeout(100))).rejects.toMatchObject({
      name: "CancelledError",
    });
    await engine.killContainer(id, "SIGKILL");
  });
});

async function text({ output }: Duplexed): Promise<string> {
  let all = "";
  for await (const chunk of output) all += Buffer.from(chunk.bytes).toString();
  return all;
}

async function bytes(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const project: Project = {
  name,
  workingDir: "/",
  files: [],
  envFiles: [],
  environment: new Map(),
  profiles: [],
  services: new Map(),
  disabledServices: new Map(),
  networks: new Map(),
  volumes: new Map(),
  secrets: new Map(),
  configs: new Map(),
  models: new Map(),
  extensions: new Map(),
  separator: "-",
  origins: new Map(),
};
