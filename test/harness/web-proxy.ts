// A proxy for the web on loopback, as companies have them: CONNECT for TLS, whole addresses for the rest, a login if wanted.
import http from "node:http";
import net, { type AddressInfo } from "node:net";

export interface WebProxy extends AsyncDisposable {
  /** For HTTPS_PROXY and HTTP_PROXY; with name and password where it wants them. */
  readonly url: string;
  /** "CONNECT registry.example:443", "GET http://registry.example/v2/": what it was asked for. */
  readonly asked: readonly string[];
}

export interface WebProxyOptions {
  /** Where everything leads to, whatever name was asked for: "127.0.0.1:5000". */
  readonly target: string;
  /** "name:password" */
  readonly login?: string;
}

export async function openWebProxy({ target, login }: WebProxyOptions): Promise<WebProxy> {
  const { hostname, port } = new URL(`http://${target}`);
  const asked: string[] = [];
  const open = new Set<net.Socket>();
  const expected = login === undefined ? undefined : `Basic ${Buffer.from(login).toString("base64")}`;
  const server = http.createServer((request, response) => {
    asked.push(`${request.method ?? ""} ${request.url ?? ""}`);
    const { "proxy-authorization": shown, ...headers } = request.headers;
    if (shown !== expected) return void response.writeHead(407).end();
    const { pathname, search } = new URL(request.url ?? "");
    const onward = http.request({ hostname, port, path: pathname + search, method: request.method, headers });
    onward.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  server.on("connect", (request, near: net.Socket) => {
    asked.push(`CONNECT ${request.url ?? ""}`);
    near.on("error", () => undefined);
    if (request.headers["proxy-authorization"] !== expected) {
      return void near.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    }
    const far = net.connect(Number(port), hostname, () => {
      near.write("HTTP/1.1 200 Connection established\r\n\r\n");
      near.pipe(far);
      far.pipe(near);
    });
    for (const each of [near, far]) {
      open.add(each);
      each.on("error", () => undefined).on("close", () => open.delete(each));
    }
  });
  await new Promise<void>((settle) => void server.listen(0, "127.0.0.1", settle));
  const own = login === undefined ? "" : `${login}@`;
  return {
    url: `http://${own}127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async [Symbol.asyncDispose]() {
      for (const each of open) each.destroy();
      server.closeAllConnections();
      await new Promise((settle) => server.close(settle));
    },
  };
}
