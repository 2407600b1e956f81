// A way to the engine that can be cut, as a network does it.
import { mkdtemp, rm } from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import path from "node:path";

export interface EngineProxy extends AsyncDisposable {
  /** For DOCKER_HOST. */
  readonly host: string;
  /** Ends every connection at once; later ones are refused. */
  cut(): Promise<void>;
}

export async function openEngineProxy(): Promise<EngineProxy> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "tst-proxy-"));
  const socket = path.join(folder, "engine.sock");
  const open = new Set<net.Socket>();
  const server = net.createServer({ allowHalfOpen: true }, (near) => {
    const far = net.connect({ path: engineSocket(), allowHalfOpen: true });
    for (const each of [near, far]) {
      open.add(each);
      each.on("error", () => undefined).on("close", () => open.delete(each));
    }
    near.pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((settle) => server.listen(socket, settle));
  const cut = async (): Promise<void> => {
    server.close();
    for (const each of open) each.destroy();
    await rm(socket, { force: true });
  };
  return {
    host: `unix://${socket}`,
    cut,
    async [Symbol.asyncDispose]() {
      await cut();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function engineSocket(): string {
  const host = process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock";
  if (!host.startsWith("unix://")) throw new Error(`the proxy leads to sockets only, not to ${host}`);
  return host.slice("unix://".length);
}
