import { readdir, readFile, readlink } from "node:fs/promises";

/** Who listens on a port of this machine, as far as Linux tells us and we may know it: "process 123 (nginx)". */
export async function processOnPort(port: number): Promise<string | undefined> {
  const sockets = await listeningSockets(port);
  if (sockets.size === 0) return undefined;
  for (const pid of await namesIn("/proc")) {
    if (!/^\d+$/.test(pid) || !(await holdsOneOf(pid, sockets))) continue;
    const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "");
    return name === "" ? `process ${pid}` : `process ${pid} (${name.trim()})`;
  }
  return undefined;
}

/** As /proc calls them: "socket:[4711]". */
async function listeningSockets(port: number): Promise<ReadonlySet<string>> {
  const tables = await Promise.all(
    ["tcp", "tcp6", "udp", "udp6"].map((table) => readFile(`/proc/net/${table}`, "utf8").catch(() => "")),
  );
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  const lines = tables.flatMap((table) => table.split("\n").slice(1));
  return new Set(
    lines.flatMap((line) => {
      // "0: 0100007F:1F90 00000000:0000 0A …", the inode in the tenth column; 0A listens, 07 is a UDP socket
      const columns = line.trim().split(/\s+/);
      const listens = columns[3] === "0A" || columns[3] === "07";
      return listens && columns[1]?.endsWith(`:${hex}`) === true ? [`socket:[${columns[9] ?? ""}]`] : [];
    }),
  );
}

async function holdsOneOf(pid: string, sockets: ReadonlySet<string>): Promise<boolean> {
  for (const file of await namesIn(`/proc/${pid}/fd`)) {
    const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => "");
    if (sockets.has(target)) return true;
  }
  return false;
}

/** What has ended meanwhile, or is not ours to look at, has none. */
function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => []);
}
