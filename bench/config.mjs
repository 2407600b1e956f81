// config -q of 1, 200 and 1,000 services, side by side with docker compose, and what memory ours takes.
//   node bench/config.mjs [--runs N] [--only WORD]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { expectSuccess, hasPeer, heading, ours, pairs, peakMegabytes, peer, row } from "./measure.mjs";

const { values } = parseArgs({
  options: { runs: { type: "string", default: "7" }, only: { type: "string", default: "" } },
});
const runs = Number(values.runs);
const root = mkdtempSync(join(tmpdir(), "tscompose-bench-"));
const withPeer = await hasPeer();

/** What most services of small projects say … */
const plain = (n) => `
    image: registry.example.com/team/app:1.${n}
    environment:
      PORT: "${8000 + n}"
      LOG_LEVEL: \${LOG_LEVEL:-info}
    ports: ["${20_000 + n}:8080"]${n === 0 ? "" : `\n    depends_on: [service-${(n - 1) >> 1}]`}`;

/** … and nearly everything that a service of a large one says. */
const rich = (n) => `${plain(n)}
    command: ["serve", "--port", "${8000 + n}", "--name", "service-${n}"]
    volumes:
      - data-${n % 10}:/data
      - ./conf/${n}:/etc/app:ro
    networks: [front, back]
    labels:
      com.example.team: team-${n % 5}
      com.example.index: "${n}"
    healthcheck:
      test: ["CMD", "curl", "-f", "http://localhost:8080/health"]
      interval: 30s
      timeout: 5s
      retries: 3
    deploy:
      resources:
        limits: { cpus: "0.5", memory: 256M }
    restart: unless-stopped`;

const goals = new Map([
  [1, "≤ 1.1"],
  [200, "≤ 1"],
  [1000, "≤ 1"],
]);

heading("config -q");
try {
  for (const [kind, service] of Object.entries({ plain, rich })) {
    for (const [count, goal] of goals) {
      const name = `${count} ${kind} service${count === 1 ? "" : "s"}`;
      if (!name.includes(values.only)) continue;
      const cwd = project(name, count, service);
      const mine = () => expectSuccess([...ours, "config", "-q"], { cwd });
      const theirs = withPeer ? () => expectSuccess([...peer, "config", "-q"], { cwd }) : undefined;
      await mine(); // the first run reads the program from the disk
      row(name, await pairs({ mine, theirs, runs }), goal);
    }
  }
  for (const [kind, service] of Object.entries({ plain, rich })) {
    if (!"memory".includes(values.only)) continue;
    const done = await peakMegabytes(["config", "-q"], { cwd: project(`memory ${kind}`, 1000, service) });
    console.log(`\nPeak memory, 1000 ${kind} services: ${done.megabytes.toFixed(0)} MB (goal: ≤ 120 MB)`);
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}

function project(name, count, service) {
  const folder = join(root, name.replaceAll(" ", "-"));
  mkdirSync(folder);
  const services = Array.from({ length: count }, (_, n) => `  service-${n}:${service(n)}\n`).join("");
  const volumes = Array.from({ length: 10 }, (_, n) => `  data-${n}:\n`).join("");
  writeFileSync(
    join(folder, "compose.yaml"),
    `services:\n${services}networks:\n  front:\n  back:\nvolumes:\n${volumes}`,
  );
  return folder;
}
