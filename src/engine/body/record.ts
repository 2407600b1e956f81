/** Maps become JSON objects only here, at the engine's edge. */
export function record(map: ReadonlyMap<string, string> | undefined): Readonly<Record<string, string>> | undefined {
  return map === undefined ? undefined : Object.fromEntries(map);
}
