import { UsageError } from "../../model/error.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { choice, flag, list } from "../option.ts";

export const ls: CommandSpec = command({
  name: "ls",
  summary: "List projects",
  options: {
    all: flag("-a, --all", "Projects of which nothing runs, too"),
    filter: list("--filter <name=pattern>", "Only projects whose name fits the regular expression"),
    format: choice("--format <format>", ["table", "json", "pretty"], "Format of the output"),
    quiet: flag("-q, --quiet", "Names only"),
  },
  examples: [["tscompose ls -a", "all projects of this engine"]],
  run: async (session, options) => {
    const { ls } = await import("../../actions/ls.ts");
    const name = options.filter
      .filter((each) => each !== "")
      .map(nameOf)
      .at(-1);
    const projects = await ls(await session.context(), { all: options.all, name });
    if (options.quiet) {
      session.print(projects.map((project) => `${project.name}\n`).join(""));
      return;
    }
    const rows = projects.map(({ name, states, configFiles }) => ({
      Name: name,
      Status: [...states].map(([state, count]) => `${state}(${count})`).join(", "),
      ConfigFiles: configFiles.join(","),
    }));
    const { goJson } = await import("../../render/go-json.ts");
    const { formatTable } = await import("../../render/table.ts");
    const table = [["NAME", "STATUS", "CONFIG FILES"], ...rows.map((row) => Object.values(row))];
    session.print(options.format === "json" ? `${goJson(rows)}\n` : formatTable(table, { minWidth: 20, gap: 3 }));
  },
});

function nameOf(filter: string): RegExp {
  const [, key, pattern] = /^([^=]+)=(.*)$/.exec(filter) ?? [];
  if (key === undefined || pattern === undefined)
    throw new UsageError("arguments to --filter should be in form KEY=VAL");
  if (key !== "name") throw new UsageError(`unknown filter ${key}`, "the only filter is name");
  try {
    return new RegExp(pattern);
  } catch {
    throw new UsageError(`invalid filter "${filter}"`, "the name is a regular expression");
  }
}
