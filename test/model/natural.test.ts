import fc from "fast-check";
import { expect, test } from "vitest";

import { compareNatural } from "../../src/model/natural.ts";

test.each([
  [
    ["A10", "A2", "A1"],
    ["A1", "A2", "A10"],
  ],
  [
    ["b", "a", "10", "2", "1"],
    ["1", "2", "10", "a", "b"],
  ],
  [
    ["a1b", "a-b", "ab", "a"],
    ["a", "a-b", "a1b", "ab"],
  ],
  [
    ["v1.10", "v1.9", "v1a"],
    ["v1a", "v1.9", "v1.10"],
  ],
  [
    ["x01", "x1", "x001"],
    ["x1", "x01", "x001"],
  ],
  [
    ["n100", "n20", "n1000"],
    ["n20", "n100", "n1000"],
  ],
  [
    ["é", "z", "中"],
    ["z", "é", "中"],
  ],
])("%j is sorted to %j", (names, sorted) => {
  expect(names.toSorted(compareNatural)).toEqual(sorted);
});

test("the order of two names does not depend on which is first", () => {
  const name = fc.string({ unit: fc.constantFrom("a", "b", "0", "1", "9", "-", ".", "_"), maxLength: 6 });
  fc.assert(
    fc.property(name, name, (left, right) => {
      const forth = Math.sign(compareNatural(left, right));
      expect(Math.sign(compareNatural(right, left))).toBe(forth === 0 ? 0 : -forth);
      expect(forth === 0).toBe(left === right);
    }),
  );
});
