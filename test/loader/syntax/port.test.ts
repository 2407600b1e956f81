import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { parsePort } from "../../../src/loader/syntax/port.ts";

/** "127.0.0.1 80→90/tcp" */
function show(text: string): string {
  const result = parsePort(text);
  if (!result.ok) return result.message;
  return result.value
    .map(({ host_ip, published, target, protocol, mode }) => {
      expect(mode).toBe("ingress");
      return `${host_ip === undefined ? "" : `${host_ip} `}${published === undefined ? "" : `${published}→`}${target}/${protocol}`;
    })
    .join(", ");
}

describe("parsePort", () => {
  test.each([
    ["80", "80/tcp"],
    ["08", "8/tcp"],
    ["80:81", "80→81/tcp"],
    ["80/UDP", "80/udp"],
    ["80:80/sctp", "80→80/sctp"],
    ["80/", "80/tcp"],
    ["80/tcp/x", "80/tcp"],
    ["0:33", "0→33/tcp"],
    [":80:81", "80→81/tcp"],
    ["::80", "80/tcp"],
    ["[]:80:81", "80→81/tcp"],
    ["127.0.0.1:80:81", "127.0.0.1 80→81/tcp"],
    ["127.0.0.1::81", "127.0.0.1 81/tcp"],
    ["0.0.0.0:80:81", "0.0.0.0 80→81/tcp"],
    ["[::1]:80:81", "::1 80→81/tcp"],
    ["[::]:80:81/udp", ":: 80→81/udp"],
    ["[::1]::80", "::1 80/tcp"],
    ["[1.2.3.4]:1:2", "1.2.3.4 1→2/tcp"],
    // ranges
    ["80-82", "80/tcp, 81/tcp, 82/tcp"],
    ["80-80:90", "80→90/tcp"],
    ["80-82:90-92/udp", "80→90/udp, 81→91/udp, 82→92/udp"],
    ["8000-9000:80", "8000-9000→80/tcp"],
    ["127.0.0.1:70-71:80", "127.0.0.1 70-71→80/tcp"],
    ["9-11", "10/tcp, 11/tcp, 9/tcp"],
    ["0-1:5-6", "0→5/tcp, 1→6/tcp"],
    // target 0 is for the loader to refuse: it holds for the long form as well
    ["5:0", "5→0/tcp"],
  ])("%s is %s", (text, expected) => {
    expect(show(text)).toBe(expected);
  });

  test.each([
    ["", 'port "" has no container port', ""],
    ["80:", 'port "80:" has no container port', ""],
    ["/tcp", 'port "/tcp" has no container port', ""],
    ["a", 'port "a" has an invalid port "a"', "a"],
    ["80:a", 'port "80:a" has an invalid port "a"', "a"],
    [" 80", 'port " 80" has an invalid port " 80"', " 80"],
    ["80-", 'port "80-" has an invalid port "80-"', "80-"],
    ["+80", 'port "+80" has an invalid port "+80"', "+80"],
    ["0x50", 'port "0x50" has an invalid port "0x50"', "0x50"],
    ["65536", 'port "65536" has a port above 65535', "65536"],
    ["65535-65536", 'port "65535-65536" has a port above 65535', "65535-65536"],
    ["1-0", 'port "1-0" has a reversed range "1-0"', "1-0"],
    ["80/xyz", 'port "80/xyz" has an unknown protocol "xyz"', "xyz"],
    ["80:90-92", 'port "80:90-92" publishes 80 for 90-92, a range of another length', "80:90-92"],
    ["80-81:90-92/udp", 'port "80-81:90-92/udp" publishes 80-81 for 90-92, a range of another length', "80-81:90-92"],
    ["host:1:2", 'port "host:1:2" has an invalid host address "host"', "host"],
    ["01.2.3.4:1:2", 'port "01.2.3.4:1:2" has an invalid host address "01.2.3.4"', "01.2.3.4"],
    ["[fe80::1%eth0]:1:2", 'port "[fe80::1%eth0]:1:2" has an invalid host address "[fe80::1%eth0]"', "[fe80::1%eth0]"],
    ["::1:80:81", 'port "::1:80:81" has an invalid host address "::1"', "::1"],
    ["1:2:3:4", 'port "1:2:3:4" has an invalid host address "1:2"', "1:2"],
    ["1.2.3.4:80", 'port "1.2.3.4:80" has an invalid port "1.2.3.4"', "1.2.3.4"],
  ])("%j is refused", (text, message, part) => {
    const result = parsePort(text);
    expect(result).toMatchObject({ ok: false, message });
    if (result.ok) return;
    const { offset = -1, length = 0 } = result;
    expect(text.slice(offset, offset + length)).toBe(part);
  });

  test("an IPv6 address without brackets gets them in the hint", () => {
    expect(parsePort("::1:80:81")).toMatchObject({
      hint: 'write an IPv6 address in brackets: "[::1]:80:81"',
    });
  });

  test("any text is a port or a mistake inside of it", () => {
    const text = fc.string({
      unit: fc.constantFrom("1", "0", "-", ":", "/", "[", "]", ".", "t", "c", "p", "%"),
      maxLength: 12,
    });
    fc.assert(
      fc.property(text, (input) => {
        const result = parsePort(input);
        if (result.ok) return result.value.length > 0;
        return (result.offset ?? -1) >= 0 && (result.offset ?? 0) + (result.length ?? 0) <= input.length;
      }),
      { numRuns: 2000 },
    );
  });
});
