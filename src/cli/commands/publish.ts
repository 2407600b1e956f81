import { UsageError } from "../../model/error.ts";
import { change } from "../change.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { choice, flag } from "../option.ts";
import { yes } from "./shared.ts";

export const publish: CommandSpec = command({
  name: "publish",
  summary: "Publish the project to a registry",
  arguments: "REPOSITORY[:TAG]",
  options: {
    app: flag("--app", "With the images that the services use"),
    ociVersion: choice(
      "--oci-version <version>",
      ["1.0", "1.1"],
      "Of the artifact; by default what the registry takes",
    ),
    resolveImageDigests: flag("--resolve-image-digests", "Pin the images to what their tags stand for now"),
    withEnv: flag("--with-env", "With environment variables and env files"),
    yes,
  },
  examples: [
    [
      "tscompose publish registry.example.com/team/stack:1",
      "then: tscompose -f oci://registry.example.com/team/stack:1 up",
    ],
  ],
  run: async (session, options, names) => {
    const [reference, ...more] = names;
    if (reference === undefined || more.length > 0) {
      throw new UsageError("publish takes one name", "tscompose publish REPOSITORY[:TAG]");
    }
    const { layers, digest } = await change(session, { ...options, stepsOnly: true }, async (context) => {
      const { publish } = await import("../../actions/publish.ts");
      return publish(context, { ...options, reference });
    });
    const name = reference.replace(/^oci:\/\//, "");
    const files = layers.map((layer) => `  ${layer.name}  ${layer.bytes} bytes\n`);
    if (digest === undefined) session.print(`to publish as oci://${name}:\n${files.join("")}`);
    else session.print(`oci://${name}@${digest}\n`);
  },
});
