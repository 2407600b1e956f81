import { text } from "node:stream/consumers";

import { extract } from "tar-stream";
import { expect, test } from "vitest";

import { tarOf } from "../../src/executor/tar.ts";

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
