// A network that fails: a TCP proxy that breaks connections on demand.
import net from "node:net";

export interface FlakyProxy extends AsyncDisposable {
  readonly address: string;
  /** The next connections are reset before a byte has come back. */
  breakNext(connections: number): void;
  /** How many have been broken. */
  readonly broken: () => number;
}

export async function openFlakyProxy(target: string): Promise<FlakyProxy> {
  const [host = "", port = ""] = target.split(":");
  let left = 0;
  let broken = 0;
  const open = new Set<net.Socket>();
  const server = net.createServer((near) => {
    open.add(near);
    near.on("error", () => {}).on("close", () => open.delete(near));
    if (left > 0) {
      left -= 1;
      broken += 1;
      near.once("data", () => near.resetAndDestroy());
      return;
    }
    const far = net.connect({ host, port: Number(port) });
    far.on("error", () => near.destroy()).on("close", () => near.destroy());
    near.on("close", () => far.destroy());
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    address: `127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    breakNext: (connections) => void (left = connections),
    broken: () => broken,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
