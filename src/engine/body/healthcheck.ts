import type { Healthcheck } from "../../model/project.ts";
import type { EngineInfo } from "../engine.ts";
import { hasApi } from "../support.ts";
import type { Body } from "./container.ts";

/** Absent values are inherited from the image's own health check. */
export function healthcheckBody(
  healthcheck: Healthcheck | undefined,
  info: Pick<EngineInfo, "api" | "podman">,
): Body | undefined {
  if (healthcheck === undefined) return undefined;
  return {
    Test: healthcheck.disable === true ? ["NONE"] : testFor(healthcheck.test, info),
    Interval: nanoseconds(healthcheck.interval),
    Timeout: nanoseconds(healthcheck.timeout),
    StartPeriod: nanoseconds(healthcheck.start_period),
    StartInterval: hasApi(info, "1.44") ? nanoseconds(healthcheck.start_interval) : undefined,
    Retries: healthcheck.retries,
  };
}

/** Podman 4 cuts a command at its blanks, quoted or not; a shell does not. */
function testFor(
  test: readonly string[] | undefined,
  { podman }: Pick<EngineInfo, "podman">,
): readonly string[] | undefined {
  const [kind, ...command] = test ?? [];
  if (podman !== true || kind !== "CMD" || !command.some((word) => /\s/.test(word))) return test;
  return ["CMD-SHELL", command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ")];
}

function nanoseconds(milliseconds: number | undefined): number | undefined {
  return milliseconds === undefined ? undefined : Math.round(milliseconds * 1e6);
}
