// Stands in for redis where its image cannot be pulled: strings and counters, kept in memory, inline and RESP requests.
import net from "node:net";

const values = new Map();
const commands = {
  PING: () => "+PONG",
  GET: (key) => bulk(values.get(key)),
  SET: (key, value) => (values.set(key, value), "+OK"),
  DEL: (key) => `:${Number(values.delete(key))}`,
  INCR: (key) => {
    values.set(key, String(Number(values.get(key) ?? 0) + 1));
    return `:${values.get(key)}`;
  },
  QUIT: () => "+OK",
};

const server = net.createServer((socket) => {
  let pending = "";
  socket.setEncoding("utf8");
  socket.on("error", () => socket.destroy());
  socket.on("data", (text) => {
    pending += text;
    for (let request = takeRequest(); request; request = takeRequest()) {
      const [name, ...rest] = request.words;
      socket.write(`${commands[name.toUpperCase()]?.(...rest) ?? `-ERR unknown command '${name}'`}\r\n`);
      if (name.toUpperCase() === "QUIT") socket.end();
    }
  });

  /** "INCR visits\r\n", or "*2\r\n$4\r\nINCR\r\n$6\r\nvisits\r\n". */
  function takeRequest() {
    const lines = pending.split(/\r?\n/);
    const count = lines[0].startsWith("*") ? 1 + 2 * Number(lines[0].slice(1)) : 1;
    if (lines.length <= count) return undefined;
    pending = lines.slice(count).join("\r\n");
    const words = count > 1 ? lines.slice(1, count).filter((_, index) => index % 2 === 1) : lines[0].split(" ");
    return { words };
  }
});

function bulk(value) {
  return value === undefined ? "$-1" : `$${Buffer.byteLength(value)}\r\n${value}`;
}

server.listen(6379, () => console.log("* Ready to accept connections (a stand-in, not redis)"));
for (const signal of ["SIGTERM", "SIGINT"]) {
  process.on(signal, () => {
    console.log("# User requested shutdown...");
    process.exit(0);
  });
}
