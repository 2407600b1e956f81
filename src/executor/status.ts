import type { Step, StepKind } from "../model/plan.ts";

/** docker compose's words for what begins and what is done; people's scripts look for them. */
const words: { readonly [K in StepKind]: readonly [started: string, done: string] } = {
  "image.pull": ["Pulling", "Pulled"],
  "image.build": ["Building", "Built"],
  "image.push": ["Pushing", "Pushed"],
  "image.remove": ["Removing", "Removed"],
  "network.create": ["Creating", "Created"],
  "network.remove": ["Removing", "Removed"],
  "network.connect": ["Connecting", "Connected"],
  "network.disconnect": ["Disconnecting", "Disconnected"],
  "volume.create": ["Creating", "Created"],
  "volume.remove": ["Removing", "Removed"],
  "container.create": ["Creating", "Created"],
  "container.files": ["Copying", "Copied"],
  "container.start": ["Starting", "Started"],
  "container.await": ["Waiting", "Healthy"],
  "container.stop": ["Stopping", "Stopped"],
  "container.kill": ["Killing", "Killed"],
  "container.restart": ["Restarting", "Started"],
  "container.pause": ["Pausing", "Paused"],
  "container.unpause": ["Unpausing", "Unpaused"],
  "container.rename": ["Renaming", "Recreated"],
  "container.remove": ["Removing", "Removed"],
  "hook.exec": ["Running hook", "Hook done"],
  "hook.run": ["Running hook", "Hook done"],
  "model.prepare": ["Preparing", "Ready"],
  "provider.run": ["Running provider", "Provider done"],
};

/** Of a replacement the first step is its beginning, and the name that the new container gets its end. */
export function startedStatus(step: Step): string {
  return step.kind === "container.create" && step.replaces !== undefined ? "Recreate" : words[step.kind][0];
}

export function doneStatus(step: Step): string {
  return words[step.kind][1];
}
