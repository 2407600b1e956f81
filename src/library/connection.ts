import type { Engine } from "../engine/engine.ts";
import type { ComposeOptions, EngineAddress } from "./options.ts";

export interface Connection {
  engine(): Promise<Engine>;
  close(): Promise<void>;
}

/** One for all calls; a failure is not remembered, as the engine may be there the next time. */
export function sharedConnection(
  { engine, signal }: Pick<ComposeOptions, "engine" | "signal">,
  environment: ReadonlyMap<string, string>,
): Connection {
  if (engine !== undefined && isEngine(engine)) return { engine: async () => engine, close: async () => {} };
  let connecting: Promise<Engine> | undefined;
  const start = async (): Promise<Engine> => {
    const { connect } = await import("../engine/connect.ts");
    return connect({
      environment,
      ...engine,
      signal: signal?.aborted === true ? undefined : signal,
    });
  };
  return {
    engine() {
      connecting ??= start().catch((error: unknown) => {
        connecting = undefined;
        throw error;
      });
      return connecting;
    },
    async close() {
      await (await connecting?.catch(() => undefined))?.close();
    },
  };
}

function isEngine(engine: Engine | EngineAddress): engine is Engine {
  return "listContainers" in engine;
}

export function environmentOf(env: ComposeOptions["env"] = process.env): ReadonlyMap<string, string> {
  return new Map(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
