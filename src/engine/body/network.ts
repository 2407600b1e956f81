import type { Ipam, IpamPool, Network } from "../../model/project.ts";
import type { EngineInfo } from "../engine.ts";
import { hasApi } from "../support.ts";
import type { Body } from "./container.ts";
import { record } from "./record.ts";

/** The body of POST /networks/create. */
export function networkBody(
  network: Network,
  labels: ReadonlyMap<string, string>,
  info: Pick<EngineInfo, "api">,
): Body {
  return {
    Name: network.name,
    // Older engines accept two networks of one name unless they are told not to.
    CheckDuplicate: hasApi(info, "1.44") ? undefined : true,
    Driver: network.driver ?? "bridge",
    Options: record(network.driver_opts),
    Internal: network.internal === true,
    Attachable: network.attachable === true,
    EnableIPv4: hasApi(info, "1.48") ? network.enable_ipv4 : undefined,
    EnableIPv6: network.enable_ipv6,
    IPAM: ipamBody(network.ipam),
    Labels: record(labels),
  };
}

function ipamBody(ipam: Ipam | undefined): Body | undefined {
  if (ipam === undefined) return undefined;
  return { Driver: ipam.driver, Config: ipam.config?.map(poolBody), Options: record(ipam.options) };
}

function poolBody(pool: IpamPool): Body {
  return {
    Subnet: pool.subnet,
    IPRange: pool.ip_range,
    Gateway: pool.gateway,
    AuxiliaryAddresses: record(pool.aux_addresses),
  };
}
