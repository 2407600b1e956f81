import type { DeviceMapping } from "../../model/project.ts";
import { parsed, unparsed, type Parsed } from "./parsed.ts";

const form = "SOURCE[:TARGET[:PERMISSIONS]]";

/** "/dev/ttyUSB0:/dev/tty0:rw"; the target is the source and the permissions are "rwm" unless given. */
export function parseDevice(text: string): Parsed<DeviceMapping> {
  const [source = "", target = "", permissions = "", ...rest] = text.split(":");
  if (source === "") return unparsed(`device "${text}" names no source`, { hint: `write it as ${form}` });
  if (rest.length > 0) {
    const offset = source.length + target.length + permissions.length + 2;
    const hint = `write it as ${form}, or in long form with "source" and "target"`;
    return unparsed(`device "${text}" has too many colons`, { hint, offset, length: text.length - offset });
  }
  return parsed({ source, target: target || source, permissions: permissions || "rwm" });
}
