import { expect, test } from "vitest";

import { nameSubnetHolder, overlap } from "../../src/engine/calls/subnet-holder.ts";
import { EngineError } from "../../src/model/error.ts";

test.each([
  ["10.0.0.0/8", "10.20.0.0/16", true],
  ["10.20.0.0/16", "10.0.0.0/8", true],
  ["172.20.0.0/16", "172.21.0.0/16", false],
  ["192.168.0.0/20", "192.168.15.0/24", true],
  ["192.168.0.0/20", "192.168.16.0/24", false],
  ["fd00::/8", "fd12:3456::/32", true],
  ["fd00:1::/64", "fd00:2::/64", false],
  ["::/0", "10.0.0.0/8", false],
  ["nonsense", "10.0.0.0/8", false],
])("%s and %s overlap: %s", (one, other, expected) => expect(overlap(one, other)).toBe(expected));

test("the network in the way is named", async () => {
  const cause = new Error(
    "(HTTP code 403) unexpected - invalid pool request: Pool overlaps with other one on this address space ",
  );
  const refused = new EngineError("overlaps", {
    status: 403,
    operation: "create network",
    resource: "network n",
    cause,
  });
  const network = { key: "n", name: "n", ipam: { config: [{ subnet: "172.20.0.0/16" }] } };
  const others = [
    { Name: "host", IPAM: null },
    { Name: "other_default", IPAM: { Config: [{ Subnet: "172.20.5.0/24" }] } },
  ];
  expect(await nameSubnetHolder(refused, network, async () => others)).toMatchObject({
    message: "the subnet 172.20.0.0/16 overlaps with 172.20.5.0/24 of the network other_default",
    status: 403,
  });
  const unable = (): Promise<never> => Promise.reject(new Error("gone"));
  expect(await nameSubnetHolder(refused, network, unable)).toBe(refused);
});
