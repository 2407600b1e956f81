// A way to the engine on which some questions are answered by the test, and all others by the engine.
import { once } from "node:events";
import http from "node:http";
import type { AddressInfo } from "node:net";

export interface Middleman extends AsyncDisposable {
  /** For DOCKER_HOST. */
  readonly host: string;
}

/** Says whether it answers, now or later. */
export type Answers = (request: http.IncomingMessage, response: http.ServerResponse) => boolean;

export async function openMiddleman(answers: Answers): Promise<Middleman> {
  const socketPath = (process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock").replace("unix://", "");
  const server = http.createServer((request, response) => {
    if (answers(request, response)) return;
    const { url, method, headers } = request;
    const passed = http.request({ socketPath, path: url ?? "", method: method ?? "", headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      response.flushHeaders(); // of events there may be none for long
      answer.pipe(response);
    });
    passed.on("error", () => response.destroy());
    response.on("close", () => passed.destroy());
    request.pipe(passed);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    host: `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((settle) => server.close(settle));
    },
  };
}
