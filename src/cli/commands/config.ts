import type { ConfigOptions } from "../../actions/config.ts";
import type { Diagnostic } from "../../model/diagnostic.ts";
import { ExitError, ProjectError, UsageError } from "../../model/error.ts";
import { command } from "../command.ts";
import type { CommandSpec } from "../command.ts";
import { choice, flag, text } from "../option.ts";
import type { ValuesOf } from "../option.ts";
import type { Session } from "../session.ts";
import { writeNamedFile } from "../write-file.ts";

const options = {
  format: choice("--format <format>", ["yaml", "json"], "Format of the output"),
  output: text("-o, --output <file>", "Write to this file instead of standard output"),
  quiet: flag("-q, --quiet", "Only check the project, and print nothing"),
  services: flag("--services", "Print the names of the services, those that others depend on first"),
  volumes: flag("--volumes", "Print the names of the volumes"),
  networks: flag("--networks", "Print the names of the networks"),
  models: flag("--models", "Print the models"),
  images: flag("--images", "Print the images"),
  profiles: flag("--profiles", "Print the names of all profiles"),
  hash: text("--hash <services>", 'Print the config hashes of services, separated by commas; "*" for all'),
  variables: flag("--variables", "Print the variables that the files ask for, with their defaults"),
  environment: flag("--environment", "Print the environment that variables are replaced from"),
  explain: text("--explain <path>", "Tell where the value at this path comes from: services.web.ports"),
  noInterpolate: flag("--no-interpolate", "Leave variables as they are written"),
  noNormalize: flag("--no-normalize", "Leave out what nobody wrote: default network, names, inferred dependencies"),
  noPathResolution: flag("--no-path-resolution", "Leave relative paths relative"),
  noConsistency: flag("--no-consistency", "Do not check whether the parts fit each other"),
  noEnvResolution: flag("--no-env-resolution", "Do not read the env files of services"),
  resolveImageDigests: flag("--resolve-image-digests", "Print images by digest instead of tag"),
  lockImageDigests: flag("--lock-image-digests", "Print only the images, by digest: an override file that pins them"),
} as const;

type Values = ValuesOf<typeof options>;

export const config: CommandSpec = command({
  name: "config",
  summary: "Check the project and show it as it is understood",
  arguments: "[SERVICE...]",
  options,
  examples: [
    ["tscompose config --quiet", "check the files"],
    ["tscompose config --explain services.web.ports", "which file each port comes from"],
    ["tscompose config --format json web", "the service web and what it needs, as JSON"],
  ],
  run: async (session, values, services) => {
    try {
      await run(session, values, services);
    } catch (error) {
      const found = values.format === "json" ? diagnosticsOf(error) : undefined;
      if (found === undefined) throw error;
      const { diagnosticsToJson } = await import("../../render/diagnostic.ts");
      session.say(`${JSON.stringify({ diagnostics: diagnosticsToJson(found) }, undefined, 2)}\n`);
      throw new ExitError(1);
    }
  },
});

/** Whoever asked for data gets data, also of mistakes. */
function diagnosticsOf(error: unknown): readonly Diagnostic[] | undefined {
  if (error instanceof ProjectError) return error.diagnostics;
  if (!(error instanceof UsageError)) return undefined;
  const { message, hint } = error;
  return [{ code: "usage", severity: "error", message, ...(hint !== undefined && { hint }) }];
}

async function run(session: Session, values: Values, services: readonly string[]): Promise<void> {
  const { config } = await import("../../actions/config.ts");
  const text = await config(await session.context(), configOptions(values, services));
  if (values.output !== undefined && values.output !== "" && !values.quiet) await writeNamedFile(values.output, text);
  else if (!values.quiet) session.print(text);
}

function configOptions(values: Values, services: readonly string[]): ConfigOptions {
  const hash = values.hash || undefined;
  return {
    services,
    format: values.format,
    list: (hash === undefined ? listings : listings.slice(0, listings.indexOf("profiles"))).find(
      (each) => values[each],
    ),
    hash,
    explain: values.explain,
    interpolate: !values.noInterpolate,
    normalize: !values.noNormalize,
    resolvePaths: !values.noPathResolution,
    checkConsistency: !values.noConsistency,
    resolveEnvironment: !values.noEnvResolution,
    digests: values.lockImageDigests ? "only" : values.resolveImageDigests ? "resolve" : undefined,
    quiet: values.quiet,
  };
}

/** Of several the first one counts, in docker compose's order; `--hash` comes before the profiles. */
const listings = [
  "services",
  "volumes",
  "networks",
  "models",
  "profiles",
  "images",
  "variables",
  "environment",
] as const;
