// Types as a program sees them; checked against the installed package by test/consumer.test.ts, never run.
import {
  type Change,
  type ChangeResult,
  type CommandResult,
  defineCompose,
  type LogEntry,
  openCompose,
  override,
  type Plan,
  type ProgressEvent,
  reset,
} from "tscompose";
import { type Readiness, startProject } from "tscompose/testing";
import { composeTest } from "tscompose/vitest";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_same: Same<A, B>): void => {};

const compose = await openCompose({ cwd: ".", files: ["compose.yaml"], env: { A: "b", C: undefined } });
const change = compose.up({ wait: true, scale: { web: 2 }, pull: "missing", signal: AbortSignal.timeout(1) });
same<typeof change, Change>(true);
same<Awaited<typeof change>, ChangeResult>(true);
for await (const event of change) {
  same<typeof event, ProgressEvent>(true);
  // The union is told apart by its kind.
  if (event.kind === "step.done") same<typeof event.status, string>(true);
  // @ts-expect-error -- no such kind
  if (event.kind === "step.dnoe") break;
  // @ts-expect-error -- not every event has a resource
  void event.resource;
}
same<Awaited<ReturnType<typeof compose.plan>>, Plan>(true);
const result = await compose.exec("web", ["ls"], { env: { A: "b" }, input: "text", user: "root" });
same<typeof result, CommandResult>(true);
for await (const entry of compose.logs({ follow: true, grep: /x/ })) same<typeof entry, LogEntry>(true);
const [container] = await compose.ps();
if (container !== undefined)
  same<typeof container.state, "created" | "running" | "paused" | "restarting" | "removing" | "exited" | "dead">(true);
// @ts-expect-error -- an option that up does not have
void compose.up({ waits: true });
// @ts-expect-error -- a command is a list of words
await compose.exec("web", "ls");
// @ts-expect-error -- pull policies are named
void compose.up({ pull: "sometimes" });
await using _disposable: AsyncDisposable = compose;

void defineCompose({
  services: { web: { image: "i", ports: ["80:80", { target: 80, published: "8080" }], "x-own": 1 } },
});
void defineCompose(async ({ env, folder }) => ({ name: env["NAME"] ?? folder, services: {} }));
void defineCompose({ services: { web: { ports: override(["80"]), environment: reset() } } });
// @ts-expect-error -- a slip of the pen
void defineCompose({ services: { web: { imgae: "i" } } });
// @ts-expect-error -- a value of the wrong type
void defineCompose({ services: { web: { image: 3 } } });
// @ts-expect-error -- restart policies and the like are named
void defineCompose({ services: { web: { cgroup: "mine" } } });

const ready: Readiness = { http: "/health", port: 80, status: 204 };
const project = await startProject({ ready: { web: [ready, { log: /up/ }], db: false } });
same<ReturnType<ReturnType<typeof project.service>["port"]>, number>(true);
// @ts-expect-error -- nothing to wait for
await startProject({ ready: { web: { when: "later" } } });
const test = composeTest({ per: "file" });
test("typed", async ({ compose: own }) => same<typeof own.name, string>(true));
