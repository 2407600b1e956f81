// The few calls that the scripts make to the engine. They run before `npm install`, so not even src/engine is there yet.
import http from "node:http";

/** One call; resolves with {status, text} whatever the status. */
export function call(host, method, path, { body, headers, timeoutMs = 0 } = {}) {
  return new Promise((resolve, reject) => {
    const request = http.request({ ...address(host), method, path, headers, timeout: timeoutMs }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => (text += chunk));
      response.on("end", () => resolve({ status: response.statusCode, text }));
      response.on("error", reject);
    });
    request.on("timeout", () => request.destroy(new Error("no answer")));
    request.on("error", reject);
    if (body?.pipe) body.pipe(request);
    else request.end(body);
  });
}

/** Can these scripts speak to it themselves? TLS and ssh are left to the CLI. */
export function isPlain(host) {
  return host.startsWith("unix://") || (host.startsWith("tcp://") && !process.env.DOCKER_TLS_VERIFY);
}

function address(host) {
  if (host.startsWith("unix://")) return { socketPath: host.slice("unix://".length) };
  const url = new URL(host.replace(/^tcp:/, "http:"));
  return { host: url.hostname, port: url.port || 2375 };
}
