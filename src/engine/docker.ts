import { containerCalls } from "./calls/container.ts";
import { execCalls } from "./calls/exec.ts";
import { fileCalls } from "./calls/files.ts";
import { imageCalls } from "./calls/image.ts";
import { networkCalls } from "./calls/network.ts";
import { streamCalls } from "./calls/stream.ts";
import { volumeCalls } from "./calls/volume.ts";
import type { Connection } from "./connection.ts";
import type { Engine } from "./engine.ts";
import { containerNames } from "./read/container-names.ts";

/** The real engine: each call is one request, in our own types. */
export function dockerEngine(options: Omit<Connection, "names"> & { readonly close: () => Promise<void> }): Engine {
  const connection: Connection = { ...options, names: containerNames() };
  return {
    info: options.info,
    ...containerCalls(connection),
    ...execCalls(connection),
    ...fileCalls(connection),
    ...streamCalls(connection),
    ...networkCalls(connection),
    ...volumeCalls(connection),
    ...imageCalls(connection),
    close: options.close,
  };
}
