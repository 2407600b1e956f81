import { relative } from "node:path";

import type { PublishedFile } from "../../loader/publication.ts";
import { UsageError } from "../../model/error.ts";
import { printableLine } from "../../model/printable.ts";
import type { Project, Service } from "../../model/project.ts";
import type { ActionContext } from "../context.ts";
import { leaksIn } from "./leaks.ts";

/** What others could not run is refused; what they perhaps should not see is asked for, or needs a flag. */
export async function checkPublication(
  context: ActionContext,
  project: Project,
  { files, withEnv }: { readonly files: readonly PublishedFile[]; readonly withEnv: boolean },
): Promise<void> {
  const services = [...project.services.values()];
  refuseUnnamedBuilds(services);
  if (!withEnv) refuseEnvironment(services, files);
  const shown = (path: string): string => relative(project.workingDir, path) || path;
  await ask(context, "secrets", secretsQuestion(files, shown));
  if (withEnv) await ask(context, "environment", environmentQuestion(services, files));
  await ask(context, "binds", bindsQuestion(services));
}

function refuseUnnamedBuilds(services: readonly Service[]): void {
  const names = services
    .filter(({ image, build }) => build !== undefined && image === undefined)
    .map(({ name }) => name);
  if (names.length === 0) return;
  throw new UsageError(
    `nobody else can have the image of ${list(names)}: it is built here, and has no name in a registry`,
    'give it one with "image", so that it is pushed along',
  );
}

function refuseEnvironment(services: readonly Service[], files: readonly PublishedFile[]): void {
  const declaring = services.filter(({ environment }) => (environment?.size ?? 0) > 0).map(({ name }) => name);
  const envFiles = files.filter(({ kind }) => kind === "env").length;
  if (declaring.length === 0 && envFiles === 0) return;
  const what = [
    ...(declaring.length === 0 ? [] : [`environment variables of ${list(declaring)}`]),
    ...(envFiles === 0 ? [] : [`${envFiles} env ${envFiles === 1 ? "file" : "files"}`]),
  ];
  throw new UsageError(
    `the project has ${what.join(" and ")}, which everybody who may read the artifact would see`,
    "allow that with --with-env, or leave them to those who run it",
  );
}

async function ask(context: ActionContext, subject: string, question: string | undefined): Promise<void> {
  if (question === undefined || context.dryRun) return;
  const yes = await context.confirm({ key: `publish ${subject}`, kind: "publish", question, blocking: true });
  if (!yes) throw new UsageError("nothing was published", "answer with y, or publish with --yes");
}

function secretsQuestion(files: readonly PublishedFile[], shown: (path: string) => string): string | undefined {
  const leaks = leaksIn(files, shown);
  if (leaks.length === 0) return undefined;
  const lines = leaks.map(({ what, where }) => `  ${where}: ${what}`);
  return `These look like secrets:\n${lines.map(printableLine).join("\n")}\nPublish them?`;
}

function environmentQuestion(services: readonly Service[], files: readonly PublishedFile[]): string | undefined {
  const lines = [
    ...services.flatMap(({ name, environment }) =>
      (environment?.size ?? 0) === 0
        ? []
        : [`  service ${name}: ${[...(environment?.keys() ?? [])].sort().join(", ")}`],
    ),
    ...files.filter(({ kind }) => kind === "env").map(({ source }) => `  file ${source.path}`),
  ];
  return lines.length === 0
    ? undefined
    : `These variables, with what the files say of them:\n${lines.map(printableLine).join("\n")}\nPublish them?`;
}

function bindsQuestion(services: readonly Service[]): string | undefined {
  const lines = services.flatMap(({ name, volumes = [] }) =>
    volumes
      .filter(({ type }) => type === "bind")
      .map(({ source = "", target }) => `  service ${name}: ${source} at ${target}`),
  );
  if (lines.length === 0) return undefined;
  return `These mounts name folders of this machine, of which only the names are published:\n${lines.map(printableLine).join("\n")}\nPublish them?`;
}

function list(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}
