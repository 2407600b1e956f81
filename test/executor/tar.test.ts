import { text } from "node:stream/consumers";

import { extract } from "tar-stream";
import { describe, expect, test } from "vitest";

import { tarEnd, type TarEntry, tarHeader, tarOf, tarPadding } from "../../src/executor/tar.ts";

test.each([
  ["/run/secrets/token", "s3cret\n"],
  ["relative", ""],
  ["/exactly", "x".repeat(512)],
  [`/long/${"n".repeat(150)}/name`, "content"],
  ["/ünï/cödé", "é"],
])("%s is read back by another tar implementation", async (name, content) => {
  const reader = extract();
  reader.end(Buffer.from(tarOf({ name, content: Buffer.from(content), mode: 0o440, uid: 1000, gid: 42 })));
  const found: object[] = [];
  for await (const entry of reader) {
    const { header } = entry;
    found.push({ name: header.name, mode: header.mode, uid: header.uid, gid: header.gid, content: await text(entry) });
  }
  expect(found).toEqual([{ name: name.replace(/^\//, ""), mode: 0o440, uid: 1000, gid: 42, content }]);
});

describe("headers", () => {
  const plain: TarEntry = { name: "x", kind: "file", mode: 0o644, uid: 0, gid: 0, sizeBytes: 0, modified: 1e12 };

  test.each<[Partial<TarEntry>, object]>([
    [
      { kind: "symlink", target: "../y" },
      { type: "symlink", linkname: "../y" },
    ],
    [
      { kind: "symlink", target: "é".repeat(80) },
      { type: "symlink", linkname: "é".repeat(80) },
    ],
    [
      { kind: "symlink", target: "z".repeat(100), name: "n".repeat(101) },
      { linkname: "z".repeat(100), name: "n".repeat(101) },
    ],
    [
      { kind: "hardLink", target: "y" },
      { type: "link", linkname: "y" },
    ],
    [
      { kind: "folder", name: "x/", mode: 0o1777 },
      { type: "directory", mode: 0o1777 },
    ],
    [{ kind: "fifo" }, { type: "fifo" }],
    [
      { uid: 2 ** 21 - 1, gid: 2 ** 21 - 1 },
      { uid: 2 ** 21 - 1, gid: 2 ** 21 - 1, pax: null },
    ],
    [{ uid: 2 ** 31, gid: 2 ** 21 }, { pax: { uid: "2147483648", gid: "2097152" } }],
    [{ modified: -5000 }, { mtime: new Date(0) }],
    [{ modified: 1_700_000_000_999 }, { mtime: new Date(1_700_000_000_000) }],
  ])("%j", async (entry, expected) => {
    const reader = extract();
    reader.end(Buffer.concat([tarHeader({ ...plain, ...entry }), tarEnd]));
    for await (const { header } of reader) expect(header).toMatchObject(expected);
  });

  test("more than eight gigabytes", () => {
    const size = 2 ** 33;
    const header = tarHeader({ ...plain, sizeBytes: size });
    expect(header.toString("latin1")).toContain(`size=${size}\n`);
    expect(header.length).toBe(1536);
    expect([tarPadding(512), tarPadding(513)].map(({ length }) => length)).toEqual([0, 511]);
  });
});
