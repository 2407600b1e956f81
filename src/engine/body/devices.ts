import type { DeviceMapping, DeviceRequest, Service } from "../../model/project.ts";
import type { Body } from "./container.ts";
import { record } from "./record.ts";

export function deviceFields(service: Service): Body {
  const mapped = (service.devices ?? []).filter((device) => !isCdi(device));
  const requests = deviceRequests(service);
  return {
    Devices: mapped.length === 0 ? undefined : mapped.map(deviceMapping),
    DeviceRequests: requests.length === 0 ? undefined : requests,
    DeviceCgroupRules: service.device_cgroup_rules,
  };
}

/** In docker compose's order: reservations, then CDI devices in one request, then gpus. */
function deviceRequests(service: Service): Body[] {
  const cdi = (service.devices ?? []).filter(isCdi).map((device) => device.source);
  return [
    ...(service.deploy?.resources?.reservations?.devices ?? []).map((device) => deviceRequest(device, [])),
    ...(cdi.length === 0 ? [] : [{ Driver: "cdi", DeviceIDs: cdi }]),
    ...(service.gpus ?? []).map((gpu) => deviceRequest(gpu, ["gpu"])),
  ];
}

function deviceMapping({ source, target, permissions }: DeviceMapping): Body {
  return { PathOnHost: source, PathInContainer: target, CgroupPermissions: permissions };
}

function deviceRequest(device: DeviceRequest, implied: readonly string[]): Body {
  return {
    Driver: device.driver,
    Count: device.count,
    DeviceIDs: device.device_ids,
    Capabilities: [[...(device.capabilities ?? []), ...implied]],
    Options: record(device.options),
  };
}

/** "vendor.com/class=name": a device of the Container Device Interface, not a path. */
function isCdi({ source, target }: DeviceMapping): boolean {
  return source === target && /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w-]*=[A-Za-z0-9][\w.:-]*$/.test(source);
}
