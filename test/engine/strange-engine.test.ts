// What answers is not an engine, or one that breaks off: words that say so, and never a success.
import { mkdtemp, rm } from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import path from "node:path";

import { describe, expect, test } from "vitest";

import { openProject } from "../harness/project.ts";

const compose = "services: { web: { image: busybox } }\n";

const json = (body: string, status = "200 OK"): string =>
  `HTTP/1.1 ${status}\r\nContent-Type: application/json\r\nApi-Version: 1.48\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;

/** What is said to everything but the ping → what the person reads, with SOCKET for the engine's place. */
const answers: Readonly<Record<string, readonly [answer: string, message: RegExp]>> = {
  "an answer that breaks off": [
    'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n[{"Id":"a',
    /^error: the engine at SOCKET closed the connection$/m,
  ],
  "half of a list": [json('[{"Id":"a'), /^error: what answers at SOCKET is no engine: it says "\[\{\\"Id\\":\\"a"$/m],
  "an object for a list": [json("{}"), /^error: what answers at SOCKET is no engine: it says "\{\}"$/m],
  "a page": [
    json("<html>hello</html>"),
    /^error: what answers at SOCKET is no engine: it says "<html>hello<\/html>"$/m,
  ],
  "a page of a proxy": [
    json(`<html>${"<p>Bad gateway</p>".repeat(500)}</html>`, "502 Bad Gateway"),
    /^error: SOCKET answers with status 502 and a page of HTML$/m,
  ],
  "a failure without words": [
    json("", "500 Internal Server Error"),
    /^error: SOCKET answers with status 500 and does not say why$/m,
  ],
  "a redirect": [
    "HTTP/1.1 301 Moved Permanently\r\nLocation: http://nowhere.invalid/\r\nContent-Length: 0\r\n\r\n",
    /^error: what answers at SOCKET sends us elsewhere, and an engine does not$/m,
  ],
};

describe.each(Object.keys(answers))("%s", (title) => {
  const [answer = "", message = /^$/] = answers[title] ?? [];
  test.each(["up -d", "ps", "down"])("%s", async (verb) => {
    await using project = await openProject({ "compose.yaml": compose });
    await using engine = await openStranger(answer);
    const env = { DOCKER_HOST: engine.host };
    const { code, stdout, stderr } = await project.runWith({ env, timeoutMs: 30_000 }, ...verb.split(" "));
    expect(stderr.replaceAll(engine.host, "SOCKET")).toMatch(message);
    expect(stderr).not.toMatch(/^ +at |has a bug/m);
    expect(stderr.length).toBeLessThan(500);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });
});

interface Stranger extends AsyncDisposable {
  readonly host: string;
}

/** Answers pings as an engine does, and anything else with the same bytes. */
async function openStranger(answer: string): Promise<Stranger> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "tst-stranger-"));
  const socket = path.join(folder, "engine.sock");
  const server = net.createServer((near) => {
    let heard = "";
    near.on("error", () => undefined);
    near.on("data", (bytes: Buffer) => {
      heard += bytes.toString("latin1");
      if (!heard.includes("\r\n\r\n")) return;
      const ping = /^HEAD \S*\/_ping /.test(heard);
      near.end(ping ? json("").replace("Content-Length: 0\r\n", "") : answer);
      heard = "";
    });
  });
  await new Promise<void>((settle) => server.listen(socket, settle));
  return {
    host: `unix://${socket}`,
    async [Symbol.asyncDispose]() {
      await new Promise((settle) => server.close(settle));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
