// Stands in for MySQL where its image cannot be pulled: it greets on its port as a server does, and then refuses.
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const refusal = "this is a stand-in, not MySQL";

function packet(sequence, ...parts) {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from([body.length, 0, 0, sequence]), body]);
}

// Protocol 10: version, connection id, 8 + 13 bytes of challenge around capabilities, character set and status.
const greeting = packet(
  0,
  [10],
  "8.0.0-stand-in\0",
  [1, 0, 0, 0],
  "12345678\0",
  [0xff, 0xf7, 33, 2, 0, 0, 0, 21],
  Buffer.alloc(10),
  "123456789012\0",
);

const server = net.createServer((socket) => {
  socket.on("error", () => socket.destroy());
  socket.write(greeting);
  socket.once("data", () => socket.end(packet(2, [0xff, 0x15, 0x04], "#28000", refusal)));
});

if (!process.env.MYSQL_ROOT_PASSWORD && !process.env.MYSQL_ALLOW_EMPTY_PASSWORD) {
  console.error("[ERROR] Database is uninitialized and password option is not specified");
  process.exit(1);
}
console.log("[Note] Initializing database files");
await sleep(300); // as the real one, it is not ready when its container is
server.listen(3306, () => console.log(`[Note] ready for connections on port 3306 (${refusal})`));
for (const signal of ["SIGTERM", "SIGINT"]) {
  process.on(signal, () => {
    console.log("[Note] Shutdown complete");
    process.exit(0);
  });
}
