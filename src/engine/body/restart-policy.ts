import type { Service } from "../../model/project.ts";
import type { Body } from "./container.ts";

/** The `deploy` section's policy replaces `restart` as a whole; words that we do not know are the engine's to judge. */
export function restartPolicy(service: Service): Body | undefined {
  const policy = service.deploy?.restart_policy;
  if (policy !== undefined) return policyBody(policy.condition ?? "", policy.max_attempts ?? 0);
  if (service.restart === undefined || service.restart === "") return undefined;
  const [name = "", retries = "0"] = service.restart.split(":", 2);
  return policyBody(name, Number(retries));
}

function policyBody(name: string, retries: number): Body {
  return { Name: engineWords.get(name) ?? name, MaximumRetryCount: retries };
}

const engineWords: ReadonlyMap<string, string> = new Map([
  ["none", "no"],
  ["any", "always"],
]);
