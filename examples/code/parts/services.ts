import type { ComposeService } from "tscompose";

/** Asked every second, for half a minute at most until it has to be well. */
export function healthy(...command: readonly string[]): Pick<ComposeService, "healthcheck"> {
  return {
    healthcheck: { test: ["CMD", ...command], interval: "1s", retries: 30 },
  };
}

/** Takes what is in a queue, and waits for more. */
export function worker(queue: string): ComposeService {
  return {
    image: process.env["BUSYBOX_IMAGE"] ?? "busybox",
    // Every $ is the shell's: code has its own way to put variables in.
    command: ["sh", "-c", 'echo "queue $QUEUE, process $$"; exec sleep 1000000'],
    environment: { QUEUE: queue },
    depends_on: { redis: { condition: "service_healthy" } },
    init: true,
    stop_grace_period: "1s",
    restart: "unless-stopped",
  };
}
