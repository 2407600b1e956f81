import { once } from "node:events";
import { Worker } from "node:worker_threads";

import { expect, onTestFinished, test } from "vitest";

import { awaitReadiness } from "../../src/testing/readiness.ts";
import { joinProject } from "../../src/testing/start-project.ts";

/** As docker's proxy does where nobody listens behind it; in a thread of its own, which works while this one does not. */
const dropping = `
const { parentPort } = require("node:worker_threads");
const server = require("node:net").createServer((socket) => socket.end());
server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));
`;

test("a connection that is dropped while this process is busy is no answer", async () => {
  const worker = new Worker(dropping, { eval: true });
  onTestFinished(async () => void (await worker.terminate()));
  const [published] = (await once(worker, "message")) as [number];
  const services = { web: [{ target: 80, protocol: "tcp", published }] };
  await using project = await joinProject({ name: "busy", engine: {}, host: "127.0.0.1", services });
  // Each time longer than a connection has to last.
  const work = (): void => {
    for (const end = performance.now() + 500; performance.now() < end;);
    busy = setImmediate(work);
  };
  let busy = setImmediate(work);
  onTestFinished(() => clearImmediate(busy));
  const oneTry = { ready: {}, timeoutSeconds: 60, signal: AbortSignal.abort() };
  await expect(awaitReadiness(project, oneTry)).rejects.toThrow("cancelled");
});
