import path from "node:path";

import type { CopyEvent } from "../actions/cp.ts";
import type { WaitedExit } from "../actions/wait.ts";
import { captured, type CommandResult } from "./captured.ts";
import { tracked, type UnderWay } from "./change.ts";
import { defaults, filled } from "./defaults.ts";
import type { Call, Verbs } from "./verbs.ts";

type Running = "exec" | "run" | "attach" | "wait" | "cp" | "export" | "commit";

/** The verbs that are about what goes on inside containers. */
export function running(call: Call, underWay: UnderWay): Pick<Verbs, Running> {
  return {
    async exec(service, command, { input, onOutput, env, ...options } = {}) {
      const context = call(options);
      const { exec } = await import("../actions/exec.ts");
      const fixed = { service, command, environment: pairs(env) };
      return captured({ input, onOutput }, (io) => exec(context, { ...filled(defaults.exec, options), ...fixed, io }));
    },
    run(service, command = [], { input, onOutput, env, ...options } = {}) {
      const work = async (): Promise<CommandResult> => {
        const context = call(options);
        const { run } = await import("../actions/run.ts");
        const fixed = { service, command, environment: pairs(env), interactive: input !== undefined, detach: false };
        return captured({ input, onOutput }, async (io) => {
          const { exitCode = 0 } = await run(context, { ...filled(defaults.run, options), ...fixed, io });
          return exitCode;
        });
      };
      return tracked(work(), underWay);
    },
    async attach(service, { input, onOutput, ...options } = {}) {
      const context = call(options);
      const { attach } = await import("../actions/attach.ts");
      return captured({ input, onOutput }, (io) =>
        attach(context, { ...filled(defaults.attach, options), service, io: () => io }),
      );
    },
    async wait(services, options) {
      const context = call(options);
      const { wait } = await import("../actions/wait.ts");
      const exits: WaitedExit[] = [];
      await wait(context, { services, onExit: (exit) => void exits.push(exit) });
      return exits;
    },
    async cp(source, destination, options = {}) {
      const context = call(options);
      const [{ cp }, { anchored }] = await Promise.all([
        import("../actions/cp.ts"),
        import("../actions/copy/endpoints.ts"),
      ]);
      const { cwd } = context.source;
      const paths = { source: anchored(source, cwd), destination: anchored(destination, cwd) };
      const onCopy = (event: CopyEvent): void => options.onCopy?.(event);
      await cp(context, { ...filled(defaults.cp, options), ...paths, onCopy });
    },
    async export(service, output, options = {}) {
      const context = call(options);
      const { exportContainer } = await import("../actions/export.ts");
      const target = typeof output === "string" ? path.resolve(context.source.cwd, output) : output;
      await exportContainer(context, { ...options, service, output: target });
    },
    async commit(service, options = {}) {
      const context = call(options);
      const { commit } = await import("../actions/commit.ts");
      return commit(context, { ...filled(defaults.commit, options), service });
    },
  };
}

function pairs(env: Readonly<Record<string, string>> = {}): readonly string[] {
  return Object.entries(env).map(([name, value]) => `${name}=${value}`);
}
