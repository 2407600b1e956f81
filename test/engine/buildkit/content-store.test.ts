import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";

import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { cacheEntry } from "../../../src/engine/buildkit/cache-entry.ts";
import { contentStores } from "../../../src/engine/buildkit/content-store.ts";
import { layoutContext, localStores } from "../../../src/engine/buildkit/local-stores.ts";
import { tagDescriptor, taggedDigest } from "../../../src/engine/buildkit/oci-index.ts";
import {
  decodeMessage,
  encodeMessage,
  type MessageFields,
  numberField,
  textField,
} from "../../../src/engine/buildkit/protobuf.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "tscompose-store-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** One call of the engine: its messages, and our answers. */
async function ask(
  method: string,
  messages: readonly MessageFields[],
  store = "local:cache",
): Promise<readonly Buffer[]> {
  const answers: Buffer[] = [];
  const handler = contentStores(new Map([["local:cache", folder]])).get(
    `/containerd.services.content.v1.Content/${method}`,
  );
  await handler?.({
    requests: Readable.from(messages.map(encodeMessage)),
    metadata: new Map([["buildkit-attachable-store-id", [store]]]),
    send: async (parts) => void answers.push(Buffer.concat(parts)),
  });
  return answers;
}

const text = "content of a layer";
const digest = `sha256:${createHash("sha256").update(text).digest("hex")}`;

function write(parts: readonly string[], expected: string): Promise<readonly Buffer[]> {
  const begin: MessageFields = [
    [2, "reference"],
    [4, ""],
  ];
  const data = parts.map((part): MessageFields => [
    [1, 1],
    [6, part],
  ]);
  return ask("Write", [
    begin,
    ...data,
    [
      [1, 2],
      [4, expected],
    ],
  ]);
}

describe("content", () => {
  test("is written in parts, and read again, whole or from somewhere on", async () => {
    const answers = (await write(["content ", "of a layer"], digest)).map((each) => decodeMessage(each));
    expect(answers.map((fields) => numberField(fields, 4))).toEqual([0, 8, 18, 18]);
    expect(textField(answers[3] ?? [], 6)).toBe(digest);
    const [info = Buffer.alloc(0)] = await ask("Info", [[[1, digest]]]);
    expect(numberField(decodeMessage(decodeMessage(info)[0]?.bytes ?? info), 2)).toBe(18);
    const read = async (offset: number, size: number): Promise<string> => {
      const request: MessageFields = [
        [1, digest],
        [2, offset],
        [3, size],
      ];
      return (await ask("Read", [request])).map((each) => textField(decodeMessage(each), 2)).join("");
    };
    expect(await read(0, 0)).toBe(text);
    expect(await read(8, 4)).toBe("of a");
    expect(await read(8, 1000)).toBe("of a layer");
    expect(readdirSync(join(folder, "ingest"))).toEqual([]);
  });

  test("is not what it is not", async () => {
    await expect(write(["something else"], digest)).rejects.toThrow(/^what was written is sha256:\w+, not sha256:/);
    expect(readdirSync(join(folder, "ingest"))).toEqual([]);
    await expect(ask("Info", [[[1, digest]]])).rejects.toMatchObject({ code: 5 });
  });

  test("is written once", async () => {
    await write([text], digest);
    await expect(write([text], digest)).rejects.toMatchObject({ code: 6 });
  });

  test("lies nowhere but in the folder that was offered", async () => {
    writeFileSync(join(folder, "index.json"), "{}");
    for (const path of ["sha256:../../index.json", "../index.json", "sha256:", `sha256:${"0".repeat(31)}/`]) {
      await expect(ask("Read", [[[1, path]]])).rejects.toMatchObject({
        message: expect.stringContaining("is no digest"),
      });
    }
    await expect(ask("Info", [[[1, digest]]], "local:other")).rejects.toThrow("unknown store local:other");
  });
});

describe("the index", () => {
  test("names stand for one thing each; the only thing there is needs none", async () => {
    expect(await taggedDigest(folder, "latest")).toBeUndefined();
    await tagDescriptor(folder, "first", '{"digest":"sha256:1","size":1}');
    expect(await taggedDigest(folder, "latest")).toBe("sha256:1");
    await tagDescriptor(folder, "second", '{"digest":"sha256:2","size":1}');
    await tagDescriptor(folder, "first", '{"digest":"sha256:3","size":1}');
    expect(await taggedDigest(folder, "first")).toBe("sha256:3");
    expect(await taggedDigest(folder, "second")).toBe("sha256:2");
    expect(await taggedDigest(folder, "latest")).toBeUndefined();
    expect(readFileSync(join(folder, "oci-layout"), "utf8")).toBe('{"imageLayoutVersion":"1.0.0"}');
  });

  test("local caches are looked up; those that are not there yet are left out", async () => {
    await tagDescriptor(folder, "latest", '{"digest":"sha256:1","size":1}');
    const entries = [`type=local,src=${folder}`, `type=local,src=${folder}/none`, "image:1"].map(cacheEntry);
    const { cacheFrom, folders } = await localStores(entries, [cacheEntry(`type=local,dest=${folder}/new`)]);
    expect(
      cacheFrom.map(({ type, attributes }) => `${type} ${attributes.get("digest") ?? attributes.get("ref")}`),
    ).toEqual(["local sha256:1", "registry image:1"]);
    expect([...folders]).toEqual([
      [`local:${folder}`, folder],
      [`local:${folder}/new`, `${folder}/new`],
    ]);
  });

  test("images in folders are contexts by digest", async () => {
    await tagDescriptor(folder, "v1", '{"digest":"sha256:1","size":1}');
    expect(await layoutContext("base", `oci-layout://${folder}:v1`)).toMatchObject({
      reference: "oci-layout://62617365@sha256:1",
      id: "oci:62617365",
      folder,
    });
    expect((await layoutContext("base", `oci-layout://${folder}@sha256:9`))?.reference).toBe(
      "oci-layout://62617365@sha256:9",
    );
    expect(await layoutContext("base", "./folder")).toBeUndefined();
  });
});

test("cache entries are written as docker's own client takes them", () => {
  const read = (entry: string): string => {
    const { type, attributes } = cacheEntry(entry);
    return [type, ...[...attributes].map(([key, value]) => `${key}: ${value}`)].join(", ");
  };
  expect(read("user/app:cache")).toBe("registry, ref: user/app:cache");
  expect(read("type=registry,ref=a/b,mode=max")).toBe("registry, ref: a/b, mode: max");
  expect(read('type=local,"dest=a,b",Mode=max')).toBe("local, dest: a,b, mode: max");
});
