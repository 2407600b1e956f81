// What Podman's Docker-compatible API means otherwise; what it says was taken from Podman 4.3.
import { describe, expect, test } from "vitest";

import { logLines } from "../../src/actions/logs/lines.ts";
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
