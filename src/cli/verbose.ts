import type { OpenContext } from "../actions/open.ts";
import { printable } from "../model/printable.ts";

/** `--verbose`: which project was loaded from which files, and which engine is asked, each once. */
export function tellChoices(opened: OpenContext, say: (text: string) => void): OpenContext {
  const { context } = opened;
  const told = new Set<string>();
  const tell = (text: string): void => {
    if (!told.has(text)) say(`${printable(text)}\n`);
    told.add(text);
  };
  return {
    close: () => opened.close(),
    context: {
      ...context,
      async project(adjust) {
        const project = await context.project(adjust);
        const files = project.files.length === 0 ? "without a file" : `from ${project.files.join(", ")}`;
        const environment = project.envFiles.length === 0 ? "" : `, variables from ${project.envFiles.join(", ")}`;
        const profiles = project.profiles.length === 0 ? "" : `, profiles ${project.profiles.join(", ")}`;
        tell(`project ${project.name} ${files}${environment}${profiles}`);
        return project;
      },
      async engine() {
        const engine = await context.engine();
        const { api, version, os, endpoint } = engine.info;
        tell(`engine ${version} (${os}) at ${endpoint}, API ${api.join(".")}`);
        return engine;
      },
    },
  };
}
