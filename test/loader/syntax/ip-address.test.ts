import { isIPv4, isIPv6 } from "node:net";

import fc from "fast-check";
import { expect, test } from "vitest";

import { isIpAddress, isIpv4, isIpv6 } from "../../../src/loader/syntax/ip-address.ts";

test.each([
  "127.0.0.1",
  "0.0.0.0",
  "255.255.255.255",
  "::",
  "::1",
  "1::",
  "fe80::1",
  "::ffff:1.2.3.4",
  "1:2:3:4:5:6:7:8",
])("%s is an address", (text) => {
  expect(isIpAddress(text)).toBe(true);
});

test.each([
  "",
  "localhost",
  "1.2.3",
  "256.1.1.1",
  "01.2.3.4",
  "1.2.3.4.5",
  "::1%eth0",
  "[::1]",
  ":::",
  "1:2",
  "g::",
  "1::2::3",
])("%s is none", (text) => {
  expect(isIpAddress(text)).toBe(false);
});

test("node:net is of the same opinion", () => {
  const part = fc.constantFrom("0", "1", "255", "256", "a", "ffff", "fffff", ":", "::", ".", "01");
  fc.assert(
    fc.property(
      fc.oneof(
        fc.ipV4(),
        fc.ipV6(),
        fc.array(part, { maxLength: 16 }).map((parts) => parts.join("")),
      ),
      (text) => {
        expect(isIpv4(text)).toBe(isIPv4(text));
        expect(isIpv6(text)).toBe(isIPv6(text));
      },
    ),
    { numRuns: 5000 },
  );
});
