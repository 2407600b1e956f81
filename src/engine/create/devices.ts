import type { DeviceMapping, DeviceRequest, Service } from "../../model/project.ts";
import { type EngineJson, object } from "./json.ts";

export function deviceMappings(service: Service): readonly EngineJson[] | undefined {
  return service.devices
    ?.filter((device) => !isCdi(device))
    .map(({ source, target, permissions }) => ({
      PathOnHost: source,
      PathInContainer: target,
      CgroupPermissions: permissions,
    }));
}

/** In the engine's order: reservations, then CDI devices in one request, then gpus. */
export function deviceRequests(service: Service): readonly EngineJson[] | undefined {
  const cdi = (service.devices ?? []).filter(isCdi).map((device) => device.source);
  const requests = [
    ...(service.deploy?.resources?.reservations?.devices ?? []).map((device) =>
      request(device, device.capabilities ?? []),
    ),
    ...(cdi.length === 0 ? [] : [{ Driver: "cdi", DeviceIDs: cdi }]),
    ...(service.gpus ?? []).map((gpu) => request(gpu, [...(gpu.capabilities ?? []), "gpu"])),
  ];
  return requests.length === 0 ? undefined : requests;
}

function request(device: DeviceRequest, capabilities: readonly string[]): EngineJson {
  return {
    Driver: device.driver,
    Count: device.count,
    DeviceIDs: device.device_ids,
    Capabilities: [capabilities],
    Options: object(device.options),
  };
}

/** "vendor.com/class=name": a device of the Container Device Interface, not a path. */
function isCdi({ source, target }: DeviceMapping): boolean {
  return source === target && /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w-]*=[A-Za-z0-9][\w.:-]*$/.test(source);
}
