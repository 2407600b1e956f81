import { setTimeout as sleep } from "node:timers/promises";

import { expect, test } from "vitest";

import { type LogPiece, projectLogs } from "../../../src/actions/logs/follow.ts";
import type { Engine } from "../../../src/engine/engine.ts";
import { fakeEngine } from "../../harness/fake-engine.ts";
import { bringUp, load, look } from "../../harness/stage.ts";

/** What a person sees who is there before the containers start. */
async function shown(engine: Engine, service: object, inspectMs: number): Promise<readonly string[]> {
  const project = await load({ services: { web: { image: "busybox", ...service } } });
  const slow: Engine = {
    ...engine,
    async inspectContainer(id, signal) {
      await sleep(inspectMs);
      return engine.inspectContainer(id, signal);
    },
  };
  let begin: () => void = () => {};
  const begun = new Promise<void>((settle) => (begin = settle));
  const hold = begun.then(async () => {
    await bringUp(engine, project);
    return (await look(engine, project)).containers.map(({ id }) => id);
  });
  const request = { project: "p", containers: [], follow: true, hold, wanted: () => true, onUnreadable: () => {} };
  const found: string[] = [];
  for await (const piece of projectLogs(slow, { ...request, onSubscribed: begin }, new AbortController().signal))
    found.push(...told(piece));
  return found;
}

function told(piece: LogPiece): readonly string[] {
  if (piece.kind === "lines") return piece.lines.map(({ text }) => text);
  return [`exited ${piece.exit.code}${piece.exit.restarting ? " (restarting)" : ""}`];
}

const crashing = { command: ["sh", "-c", "echo try; exit 1"], restart: "on-failure:2" };

// It takes a while where many start at once, or the machine has other things to do.
test.each([0, 120, 250, 600])(
  "each life of a container that is restarted is told once (looked at after %i ms)",
  async (ms) => {
    const lines = await shown(fakeEngine(), crashing, ms);
    expect(lines.toSorted()).toEqual([
      "exited 1",
      "exited 1 (restarting)",
      "exited 1 (restarting)",
      "try",
      "try",
      "try",
    ]);
    expect(lines.at(-1)).toBe("exited 1");
    for (const upTo of lines.keys()) {
      const before = lines.slice(0, upTo + 1);
      const tries = before.filter((line) => line === "try").length;
      expect(before.length - tries).toBeLessThanOrEqual(tries);
    }
  },
);
