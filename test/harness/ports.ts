import { once } from "node:events";
import { createServer } from "node:net";

const [lowest, count] = [10_000, 10_000];
const given = new Set<number>();

/**
 * Free at this moment, and still when it is used: it is none of those that the kernel, an engine or --auto-ports give to
 * whoever asks for any.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = lowest + Math.floor(Math.random() * count);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    return port;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "0.0.0.0");
  try {
    await once(server, "listening"); // rejects when there is an error instead
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
