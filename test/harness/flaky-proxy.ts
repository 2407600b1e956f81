// A network that fails: a TCP proxy that breaks connections on demand, or answers in the name of a server out of order.
import net from "node:net";

export interface FlakyProxy extends AsyncDisposable {
  readonly address: string;
  /** The next connections are reset before a byte has come back. */
  breakNext(connections: number): void;
  /** The next connections without TLS are answered with that status. */
  failNext(connections: number, status: number): void;
  /** How many have been broken. */
  readonly broken: () => number;
}

export async function openFlakyProxy(target: string): Promise<FlakyProxy> {
  const [host = "", port = ""] = target.split(":");
  let left = 0;
  let broken = 0;
  let failing = { left: 0, status: 0 };
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
    near.once("data", (hello: Buffer) => {
      const tls = hello[0] === 0x16;
      if (tls || failing.left === 0) return through(near, hello);
      failing = { ...failing, left: failing.left - 1 };
      broken += 1;
      return near.end(`HTTP/1.1 ${failing.status} Fault\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
    });
  });
  const through = (near: net.Socket, hello: Buffer): void => {
    const far = net.connect({ host, port: Number(port) });
    far.on("error", () => near.destroy()).on("close", () => near.destroy());
    near.on("close", () => far.destroy());
    far.write(hello);
    near.pipe(far).pipe(near);
  };
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return {
    address: `127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    breakNext: (connections) => void (left = connections),
    failNext: (connections, status) => void (failing = { left: connections, status }),
    broken: () => broken,
    async [Symbol.asyncDispose]() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
