import { UsageError } from "../../model/error.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { choice } from "../option.ts";
import { index } from "./shared.ts";

const protocol = choice("--protocol <protocol>", ["tcp", "udp", "sctp"], "Protocol of the port");

export const port: CommandSpec = command({
  name: "port",
  summary: "Say where a port of a container can be reached",
  arguments: "SERVICE PORT",
  options: {
    index,
    protocol: { ...protocol, parse: (name) => protocol.parse(name.toLowerCase()) },
  },
  examples: [["tscompose port web 80", "for example 127.0.0.1:32768"]],
  run: async (session, options, [service = "", target = ""]) => {
    const [, number, suffix] = /^(\d+)(?:\/(tcp|udp|sctp))?$/.exec(target) ?? [];
    if (number === undefined || Number(number) > 65_535)
      throw new UsageError(`"${target}" is no port`, "ports are numbers up to 65535");
    const { port } = await import("../../actions/port.ts");
    const found = await port(await session.context(), {
      service,
      target: Number(number),
      protocol: options.protocol ?? suffix ?? "tcp",
      index: options.index,
    });
    const { hostPort } = await import("../../render/ports.ts");
    session.print(`${hostPort(found.hostIp ?? "", String(found.published ?? 0))}\n`);
  },
});
