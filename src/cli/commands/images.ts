import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { choice, flag } from "../option.ts";

export const images: CommandSpec = command({
  name: "images",
  summary: "List the images of the containers",
  arguments: "[SERVICE...]",
  options: {
    format: choice("--format <format>", ["table", "json", "pretty"], "Format of the output"),
    quiet: flag("-q, --quiet", "Ids only"),
  },
  examples: [["tscompose images -q", "ids for scripts"]],
  run: async (session, options, services) => {
    const { images } = await import("../../actions/images.ts");
    const found = await images(await session.context(), { services });
    if (options.quiet) {
      const ids = new Set(found.map(({ container }) => container.imageId.replace(/^sha256:/, "")));
      session.print([...ids].map((id) => `${id}\n`).join(""));
      return;
    }
    const { imagesJson, imagesTable } = await import("../../render/image-rows.ts");
    session.print(options.format === "json" ? imagesJson(found) : imagesTable(found, Date.now()));
  },
});
