import { UsageError } from "../../model/error.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { flag, list, text } from "../option.ts";

export const ps: CommandSpec = command({
  name: "ps",
  summary: "List containers",
  arguments: "[SERVICE...]",
  options: {
    all: flag("-a, --all", "Stopped containers and those of run, too"),
    filter: list("--filter <status=state>", "Only containers in this state; repeatable"),
    format: text("--format <format>", "table, json, a Go template, or table and a template"),
    noTrunc: flag("--no-trunc", "Whole ids and commands"),
    orphans: flag("--orphans", "Services that the file no longer has, too (default true)", { initial: true }),
    quiet: flag("-q, --quiet", "Ids only"),
    services: flag("--services", "Names of services only"),
    status: list("--status <state>", "Only containers in this state; repeatable"),
  },
  examples: [
    ["tscompose ps", "what runs, and where it can be reached"],
    ["tscompose ps -a --status exited", "what has ended"],
    ["tscompose ps --format '{{.Name}}\\t{{.State}}'", "for scripts"],
  ],
  run: async (session, options, services) => {
    const status = [...options.status, ...options.filter.filter((each) => each !== "").map(statusOf)];
    const context = await session.context();
    const { ps, defaultFormat } = await import("../../actions/ps.ts");
    const containers = await ps(context, { services, all: options.all, orphans: options.orphans, status });
    if (options.quiet) {
      session.print(containers.map(({ id }) => `${id}\n`).join(""));
    } else if (options.services) {
      const names = new Set(containers.map(({ service }) => service));
      session.print([...names].map((name) => `${name}\n`).join(""));
    } else {
      const { containerListing, containerRow } = await import("../../render/container-rows.ts");
      const { formatList } = await import("../../render/list-format.ts");
      const now = Date.now();
      const rows = containers.map((each) => containerRow(each, { now, whole: options.noTrunc }));
      session.print(formatList(rows, options.format ?? (await defaultFormat(context)), containerListing));
    }
  },
});

function statusOf(filter: string): string {
  const [, key, value] = /^([^=]+)=(.*)$/.exec(filter) ?? [];
  if (key === undefined || value === undefined) throw new UsageError("arguments to --filter should be in form KEY=VAL");
  if (key !== "status") throw new UsageError(`unknown filter ${key}`, "the only filter is status");
  return value;
}
