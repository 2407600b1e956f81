// Stands in for Kibana where its image cannot be pulled: the same port, a page, its status, and a log that follows Elasticsearch.
import http from "node:http";

const elasticsearch = process.env.ELASTICSEARCH_URL ?? "http://elasticsearch:9200";
let state = "yellow";

function log(tags, message) {
  console.log(JSON.stringify({ type: "log", "@timestamp": new Date().toISOString(), tags, pid: process.pid, message }));
}

async function watchElasticsearch() {
  const before = state;
  try {
    const health = await fetch(`${elasticsearch}/_cluster/health`, { signal: AbortSignal.timeout(2000) });
    state = (await health.json()).status;
    log(["status", "plugin:elasticsearch", "info"], `Status is ${state}${state === before ? "" : `, was ${before}`}`);
  } catch (error) {
    state = "red";
    log(
      ["status", "plugin:elasticsearch", "error"],
      `No answer from ${elasticsearch}: ${error.cause?.code ?? error.name}`,
    );
  }
}

const server = http.createServer((request, response) => {
  log(["response"], `${request.method} ${request.url}`);
  if (request.url === "/api/status") {
    response.setHeader("content-type", "application/json");
    response.end(
      `${JSON.stringify({ name: "kibana", version: { number: "6.3.2" }, status: { overall: { state } } })}\n`,
    );
  } else {
    response.setHeader("content-type", "text/html; charset=utf-8");
    response.end(
      `<!doctype html><title>Kibana</title><h1>A stand-in for Kibana</h1><p>Elasticsearch is ${state}.</p>\n`,
    );
  }
});
server.listen(5601, () => log(["listening", "info"], "Server running at http://0:5601"));
await watchElasticsearch();
const beat = setInterval(watchElasticsearch, 5000);

for (const signal of ["SIGTERM", "SIGINT"]) {
  process.on(signal, () => {
    log(["info"], "Stopping");
    clearInterval(beat);
    server.close();
    server.closeAllConnections();
  });
}
