import type { Connection } from "../connection.ts";
import type { InspectedContainer } from "../read/container.ts";

/** Podman leaves health checks to systemd; where that does not run, nobody makes them, and nobody tells of them. */
export async function checkHealth({ client }: Connection, raw: InspectedContainer): Promise<boolean> {
  if (!isDue(raw, Date.now())) return false;
  await client.done({
    operation: "check health",
    resource: `container ${raw.Name.replace(/^\//, "")}`,
    method: "GET",
    path: `/libpod/containers/${raw.Id}/healthcheck`,
  });
  return true;
}

const usualIntervalMs = 30_000;

/** The time for it has passed, and nobody has made it. */
function isDue({ State: state, Config: config }: InspectedContainer, now: number): boolean {
  if (state.Status !== "running" || state.Health?.Status !== "starting") return false;
  const interval = (config.Healthcheck?.Interval ?? 0) / 1e6;
  const made = (state.Health.Log ?? [])
    .map(({ Start = "" }) => Date.parse(Start))
    .filter((time) => !Number.isNaN(time));
  const last = Math.max(Date.parse(state.StartedAt), ...made);
  return now - last >= (interval > 0 ? interval : usualIntervalMs);
}
