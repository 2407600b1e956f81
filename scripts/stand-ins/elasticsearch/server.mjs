// Stands in for Elasticsearch where its image cannot be pulled: the same ports, the first two answers, a log.
import http from "node:http";
import net from "node:net";

const cluster = process.env["cluster.name"] ?? "elasticsearch";
const locksMemory = process.env["bootstrap.memory_lock"] === "true";
const documents = {
  "/": {
    name: "stand-in",
    cluster_name: cluster,
    version: { number: "6.3.2" },
    tagline: "a stand-in, not Elasticsearch",
  },
  "/_cluster/health": { cluster_name: cluster, status: "green", number_of_nodes: 1 },
};

function log(where, message) {
  console.log(
    `[${new Date().toISOString().replace("Z", "").replace(".", ",")}][INFO ][${where}] [stand-in] ${message}`,
  );
}

const server = http.createServer((request, response) => {
  const document = documents[request.url.split("?")[0]];
  response.writeHead(document ? 200 : 404, { "content-type": "application/json" });
  response.end(`${JSON.stringify(document ?? { error: "no such index", status: 404 })}\n`);
});
const transport = net.createServer((socket) => socket.end());

log("o.e.e.NodeEnvironment", `heap options [${process.env.ES_JAVA_OPTS ?? ""}], memory lock [${locksMemory}]`);
transport.listen(9300, () => log("o.e.t.TransportService", "publish_address {0.0.0.0:9300}"));
server.listen(9200, () => log("o.e.n.Node", "started"));
const beat = setInterval(() => log("o.e.c.r.a.AllocationService", "cluster health status is [GREEN]"), 5000);

for (const signal of ["SIGTERM", "SIGINT"]) {
  process.on(signal, () => {
    log("o.e.n.Node", "stopping ...");
    clearInterval(beat);
    transport.close();
    server.close();
    server.closeAllConnections();
  });
}
