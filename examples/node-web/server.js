import os from "node:os";

import express from "express";

const app = express();
const port = process.env.PORT ?? 8080;

app.get("/", (request, response) => {
  console.log(`${request.method} ${request.url}`);
  response.type("text").send(`Hello from ${os.hostname()}, Node ${process.version}\n`);
});

const server = app.listen(port, () => console.log(`listening on port ${port}`));

// The first process of a container gets no default signal handling: without this, stopping it takes ten seconds.
for (const signal of ["SIGTERM", "SIGINT"]) {
  process.on(signal, () => {
    console.log("stopping");
    server.close();
    server.closeAllConnections();
  });
}
