/** A part of the engine's own JSON; undefined members are left out when it is sent. */
export type EngineJson = Readonly<Record<string, unknown>>;

export function object(map: ReadonlyMap<string, unknown> | undefined): EngineJson | undefined {
  return map === undefined ? undefined : Object.fromEntries(map);
}
