import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";

import { afterEach, beforeEach, expect, test } from "vitest";

import { fileSync } from "../../../src/engine/buildkit/file-sync.ts";
import type { IncomingCall } from "../../../src/engine/buildkit/grpc-server.ts";
import {
  bytesField,
  decodeMessage,
  encodeMessage,
  numberField,
  textField,
} from "../../../src/engine/buildkit/protobuf.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "tscompose-sync-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** The engine's side of a transfer: what it is told, and a way to ask. */
function engineSide(metadata: Readonly<Record<string, readonly string[]>> = {}) {
  const asked = new PassThrough({ objectMode: true });
  const told: string[] = [];
  const contents = new Map<number, string>();
  let listed = (): void => {};
  const list = new Promise<void>((settle) => (listed = settle));
  const call: IncomingCall = {
    requests: asked,
    metadata: new Map(Object.entries({ "dir-name": ["context"], ...metadata })),
    async send(parts) {
      const fields = decodeMessage(Buffer.concat(parts));
      const type = numberField(fields, 1);
      const id = numberField(fields, 3);
      const entry = bytesField(fields, 2);
      if (type === 0 && entry.length > 0) told.push(`entry ${textField(decodeMessage(entry), 1)}`);
      else if (type === 2) {
        const data = textField(fields, 4);
        contents.set(id, (contents.get(id) ?? "") + data);
        if (data === "") told.push(`end of ${id}`);
      } else told.push(type === 0 ? "end of list" : type === 3 ? "bye" : `error ${textField(fields, 4)}`);
      if (type !== 2 && entry.length === 0) listed();
    },
  };
  const ask = (type: number, id = 0): void =>
    void asked.write(
      encodeMessage([
        [1, type],
        [3, id],
      ]),
    );
  return { call, told, contents, list, ask };
}

function serve(call: IncomingCall): Promise<void> {
  const trees = new Map([["context", { kind: "folder", path: folder } as const]]);
  const handler = fileSync(trees).get("/moby.filesync.v1.FileSync/DiffCopy");
  return handler === undefined ? Promise.reject(new Error("no handler")) : handler(call);
}

test("the list first; contents only of what is asked for", async () => {
  for (const name of ["a", "b", "c"]) writeFileSync(join(folder, name), `content of ${name}`);
  const { call, told, contents, list, ask } = engineSide();
  const over = serve(call);
  await list;
  expect(told).toEqual(["entry a", "entry b", "entry c", "end of list"]);
  ask(1, 2);
  ask(1, 0);
  while (told.length < 6) await new Promise((settle) => setTimeout(settle, 5));
  ask(3);
  await over;
  expect(told.at(-1)).toBe("bye");
  expect(contents).toEqual(
    new Map([
      [0, "content of a"],
      [2, "content of c"],
    ]),
  );
});

test("patterns in other alphabets arrive escaped", async () => {
  for (const name of ["größe", "other", "a b"]) writeFileSync(join(folder, name), "");
  const { call, told, list, ask } = engineSide({
    "exclude-patterns": ["gr%C3%B6%C3%9Fe", "a+b"],
    "exclude-patterns-encoded": ["1"],
  });
  const over = serve(call);
  await list;
  ask(3);
  await over;
  expect(told).toEqual(["entry other", "end of list", "bye"]);
});

test("a file that has gone meanwhile is empty; a folder that cannot be read ends the transfer", async () => {
  writeFileSync(join(folder, "a"), "content");
  const first = engineSide();
  const over = serve(first.call);
  await first.list;
  rmSync(join(folder, "a"));
  first.ask(1, 0);
  while (first.told.length < 3) await new Promise((settle) => setTimeout(settle, 5));
  first.ask(3);
  await over;
  expect(first.told).toEqual(["entry a", "end of list", "end of 0", "bye"]);

  const path = join(folder, "gone");
  const second = engineSide();
  const trees = new Map([["context", { kind: "folder", path } as const]]);
  const handler = fileSync(trees).get("/moby.filesync.v1.FileSync/DiffCopy");
  await expect(handler?.(second.call)).rejects.toThrow("ENOENT");
  expect(second.told).toEqual([expect.stringContaining("error ENOENT")]);
});

test("folders that were not offered are refused", async () => {
  await expect(serve(engineSide({ "dir-name": ["home"] }).call)).rejects.toMatchObject({
    code: 5,
    message: 'no access allowed to dir "home"',
  });
});

test("what the engine cannot store ends the transfer with its words", async () => {
  const { call, list } = engineSide();
  const failing: IncomingCall = { ...call, requests: failed("disk full") };
  await Promise.all([list, expect(serve(failing)).rejects.toThrow("disk full")]);
});

async function* failed(message: string): AsyncGenerator<Buffer> {
  yield encodeMessage([
    [1, 4],
    [4, message],
  ]);
}
