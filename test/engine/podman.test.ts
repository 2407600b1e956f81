// What Podman's Docker-compatible API means otherwise; what it says was taken from Podman 4.3.
import { mkdtemp, rm } from "node:fs/promises";
import http from "node:http";
import os from "node:os";
import path from "node:path";

import { describe, expect, test } from "vitest";

import { logLines } from "../../src/actions/logs/lines.ts";
import { connect } from "../../src/engine/connect.ts";
import { readListed } from "../../src/engine/read/container.ts";
import { added, body } from "./body/added.ts";

const podman = { info: { podman: true } };

describe("what it is asked for", () => {
  test("time to stop, which it would not give by itself", async () => {
    expect(await added({}, podman)).toEqual({});
    expect(await added({ stop_grace_period: 3000 }, podman)).toEqual({ StopTimeout: 3 });
    expect(await body({}, podman)).toMatchObject({ StopTimeout: 10 });
    expect(await body({}, {})).not.toMatchObject({ StopTimeout: 10 });
  });

  test("health checks whose words hold blanks, by way of a shell", async () => {
    const test = ["CMD", "node", "-e", "it's('a  b')"];
    expect(await added({ healthcheck: { test } }, podman)).toEqual({
      Healthcheck: { Test: ["CMD-SHELL", String.raw`'node' '-e' 'it'\''s('\''a  b'\'')'`] },
    });
    expect(await added({ healthcheck: { test } })).toEqual({ Healthcheck: { Test: test } });
    expect(await added({ healthcheck: { test: ["CMD", "true"] } }, podman)).toEqual({
      Healthcheck: { Test: ["CMD", "true"] },
    });
  });
});

describe("what it answers", () => {
  const listed = {
    Id: "1",
    Names: ["/a-1"],
    Image: "docker.io/library/a:latest",
    ImageID: "sha256:2",
    Command: "a",
    Created: 1,
    State: "stopped",
    Status: "Exited (3) 4 seconds ago",
    Labels: {},
    Ports: [
      { PrivatePort: 80, PublicPort: 8099, Type: "tcp" },
      { PrivatePort: 81, Type: "tcp" },
    ],
    NetworkSettings: { Networks: { front: { NetworkID: "front", IPAddress: "10.89.0.2" } } },
  };

  test("a container that stopped has exited, with a code", () => {
    expect(readListed(listed)).toMatchObject({ state: "exited", exitCode: 3 });
    expect(readListed({ ...listed, State: "configured" }).state).toBe("created");
  });

  test("published means everywhere, where it does not say where", () => {
    expect(readListed(listed).ports).toEqual([
      { target: 80, protocol: "tcp", hostIp: "0.0.0.0", published: 8099 },
      { target: 81, protocol: "tcp" },
    ]);
  });

  test("a network's name is no id that could have changed", () => {
    expect(readListed(listed).networks.get("front")).toEqual({ networkId: "", address: "10.89.0.2" });
  });

  test("stamps of log lines without fractions of a second", async () => {
    async function* chunks() {
      yield { stream: "stdout" as const, bytes: Buffer.from("2026-11-21T08:50:03Z db up\n") };
    }
    const found = [];
    for await (const batch of logLines(chunks())) found.push(...batch);
    expect(found).toEqual([{ stream: "stdout", time: "2026-11-21T08:50:03Z", text: "db up" }]);
  });
});

describe("its stream of events", () => {
  const event = (action: string, nano: string): string =>
    `${JSON.stringify({ Type: "container", Action: action, Actor: { ID: "1" } }).slice(0, -1)},"timeNano":${nano}}\n`;

  /** Streams, one after the other: what each says, and whether it then goes on. */
  async function told(streams: readonly { readonly says: string; readonly afterMs: number }[]): Promise<unknown> {
    const asked: string[] = [];
    const server = http.createServer((request, response) => {
      response.setHeader("Libpod-API-Version", "4.3.1").setHeader("Api-Version", "1.41");
      if (!request.url?.includes("/events")) return void response.end();
      const stream = streams[asked.length];
      asked.push(new URL(request.url, "http://engine").searchParams.get("since") ?? "");
      response.write(stream?.says ?? "");
      setTimeout(() => response.end(), stream?.afterMs ?? 0);
    });
    const folder = await mkdtemp(path.join(os.tmpdir(), "tst-podman-"));
    const socket = path.join(folder, "podman.sock");
    await new Promise<void>((settle) => server.listen(socket, settle));
    const engine = await connect({ environment: new Map(), host: `unix://${socket}` });
    const actions: string[] = [];
    try {
      const signal = AbortSignal.timeout(20_000);
      for await (const { action } of await engine.events({ project: "p" }, signal)) {
        actions.push(action);
        if (action === "die") break;
      }
      return { actions, since: asked.slice(1) };
    } catch (error) {
      return { actions, error: error instanceof Error ? error.message : error };
    } finally {
      await engine.close();
      server.close();
      server.closeAllConnections();
      await rm(folder, { recursive: true });
    }
  }

  test("ends with the file that it keeps events in, and is asked for what came after", async () => {
    const [create, start, die] = [
      event("create", "1767225600000000007"),
      event("start", "1767225601000000000"),
      event("die", "1767225602000000000"),
    ];
    const streams = [
      { says: create + start, afterMs: 0 },
      { says: start + die, afterMs: 10_000 },
    ];
    expect(await told(streams)).toEqual({ actions: ["create", "start", "die"], since: ["1767225601.000000000"] });
  });

  test("and is at its end where it ends at once", async () => {
    expect(await told([{ says: "", afterMs: 0 }])).toEqual({
      actions: [],
      error: "the engine has closed its stream of events",
    });
  });
});
