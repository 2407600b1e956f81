import { connect } from "node:net";
import { createInterface } from "node:readline";

/** Counts visits in a Redis. */
export interface Visits extends Disposable {
  count(page: string): Promise<number>;
}

export function openVisits(host: string, port: number): Visits {
  const socket = connect({ host, port });
  const answers = createInterface({ input: socket })[Symbol.asyncIterator]();
  return {
    async count(page) {
      socket.write(`INCR ${page}\r\n`);
      const { value } = await answers.next();
      if (typeof value !== "string" || !value.startsWith(":")) throw new Error(`unexpected answer: ${String(value)}`);
      return Number(value.slice(1));
    },
    [Symbol.dispose]: () => socket.destroy(),
  };
}
