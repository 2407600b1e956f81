// A way to the engine that sees who asks for what, and that can be cut, as a network does it.
import { mkdtemp, rm } from "node:fs/promises";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

export interface EngineProxy extends AsyncDisposable {
  /** For DOCKER_HOST. */
  readonly host: string;
  /** Resolves when as many requests as that have been answered: what cannot be seen from outside, like a wait. */
  answered(request: RegExp, times?: number): Promise<void>;
  /** The next request like this is kept back: resolves when it has been made, with how to let it through. */
  held(request: RegExp): Promise<() => void>;
  /** Ends every connection at once; later ones are refused. */
  cut(): Promise<void>;
  /** Cuts when that many requests have been made, before the last of them gets through; gives all that were made. */
  cutAt(request: number): readonly string[];
}

export async function openEngineProxy(): Promise<EngineProxy> {
  const folder = await mkdtemp(path.join(os.tmpdir(), "tst-proxy-"));
  const socket = path.join(folder, "engine.sock");
  const open = new Set<net.Socket>();
  const answers: string[] = [];
  const requests: string[] = [];
  let last = Number.POSITIVE_INFINITY;
  let holding: Holding | undefined;
  const server = net.createServer({ allowHalfOpen: true }, (near) => {
    const far = net.connect({ path: engineSocket(), allowHalfOpen: true });
    for (const each of [near, far]) {
      open.add(each);
      each.on("error", () => undefined).on("close", () => open.delete(each));
    }
    let asked = "";
    let isKept = false;
    near.on("data", (bytes: Buffer) => {
      const text = bytes.toString("latin1");
      asked += text;
      const request = /^(?:GET|HEAD|POST|PUT|DELETE) \S+/.exec(text)?.[0];
      if (request !== undefined) requests.push(request);
      if (requests.length >= last) return void cut();
      if (request === undefined || holding?.request.test(request) !== true) return void far.write(bytes);
      isKept = true;
      holding.taken(() => void far.write(bytes));
      holding = undefined;
    });
    // What was kept back the engine gets all the same, whoever has hung up by then.
    near.on("end", () => void (isKept || far.end()));
    far.on("data", () => {
      if (asked !== "") answers.push(asked);
      asked = "";
    });
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
    held: (request) => new Promise((taken) => (holding = { request, taken })),
    cutAt(request) {
      last = request;
      return requests;
    },
    async answered(request, times = 1) {
      for (
        const end = Date.now() + 40_000;
        answers.filter((each) => request.test(each)).length < times;
        await sleep(10)
      )
        if (Date.now() > end) throw new Error(`no ${String(request)} among:\n${answers.join("\n")}`);
    },
    async [Symbol.asyncDispose]() {
      await cut();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

interface Holding {
  readonly request: RegExp;
  readonly taken: (release: () => void) => void;
}

function engineSocket(): string {
  const host = process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock";
  if (!host.startsWith("unix://")) throw new Error(`the proxy leads to sockets only, not to ${host}`);
  return host.slice("unix://".length);
}
