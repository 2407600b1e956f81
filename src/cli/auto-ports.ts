import type { ActionContext } from "../actions/context.ts";

/** The context with free host ports, where a flag or TSCOMPOSE_AUTO_PORTS asks for them. */
export function withAutoPorts(context: ActionContext, flag: boolean | undefined, beside?: string): ActionContext {
  const wanted = flag ?? /^(1|t|true|y|yes|on)$/i.test(context.source.environment.get("TSCOMPOSE_AUTO_PORTS") ?? "");
  if (!wanted && flag === undefined) return context;
  // A plain no: the file's own ports, also where a container remembers others.
  if (!wanted) return { ...context, adapt: async (project) => project };
  return {
    ...context,
    async adapt(project, given) {
      const { withFreePorts } = await import("../actions/auto-ports.ts");
      return withFreePorts(project, given, { beside });
    },
  };
}
