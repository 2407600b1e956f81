import { createHash } from "node:crypto";

import fc from "fast-check";
import { expect, test } from "vitest";

import { sha256 } from "../../src/model/sha256.ts";

test("is what everybody else's is, whatever the text and its length", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      expect(sha256(text)).toBe(createHash("sha256").update(text).digest("hex"));
    }),
  );
});

test.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 4096])("of %i bytes, at the edges of a block", (length) => {
  const text = "x".repeat(length);
  expect(sha256(text)).toBe(createHash("sha256").update(text).digest("hex"));
});
