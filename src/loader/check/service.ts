import type { Report } from "../../model/diagnostic.ts";
import type { Build, Service } from "../../model/project.ts";
import { nearest } from "../../model/suggest.ts";
import { keySpan, valueSpan } from "../place.ts";
import { atKey, atValue, itemsAt, serviceHint, type Subject } from "./subject.ts";

/** What is contradictory, or missing, within one service. */
export function checkService(service: Service, subject: Subject, report: Report): void {
  const path = ["services", service.name];
  if (service.image === undefined && service.build === undefined && service.provider === undefined) {
    // With a misspelt `imge` there is no use in saying that `image` is missing.
    if (subject.isDamaged(service)) return;
    const message = `service "${service.name}" has neither an image nor a build section`;
    atKey(subject, report, message, { code: "no-image", path, hint: noImageHint(service, subject) });
  }
  if (service.build !== undefined) checkBuild(service, service.build, { subject, report });
  if (isSet(service.network_mode) && (service.networks?.size ?? 0) > 0) {
    const message = `service "${service.name}" has both "network_mode" and "networks"`;
    const notes = [{ message: `the mode is set here`, at: keySpan(subject.tree, [...path, "network_mode"]) }];
    const hint = "a container with a network mode of its own joins no networks: remove one of the two";
    atKey(subject, report, message, { code: "mode-and-networks", path: [...path, "networks"], notes, hint });
  }
  checkHealthTest(service, subject, report);
  checkWatchTargets(service, subject, report);
}

/** In an override file a name that is spelt otherwise is another service. */
function noImageHint({ name }: Service, { document }: Subject): string {
  const others = [...document.services.values()].filter(
    (each) => each.name !== name && (each.image ?? each.build ?? each.provider) !== undefined,
  );
  const meant = nearest(
    name,
    others.map((each) => each.name),
  );
  return `add "image", or "build" with a folder${meant === undefined ? "" : `; or did you mean "${meant}"?`}`;
}

interface Context {
  readonly subject: Subject;
  readonly report: Report;
}

function checkBuild(service: Service, build: Build, { subject, report }: Context): void {
  const path = ["services", service.name, "build"];
  if (isSet(build.dockerfile) && isSet(build.dockerfile_inline)) {
    const message = `service "${service.name}" has both "dockerfile" and "dockerfile_inline"`;
    const notes = [{ message: '"dockerfile" is here', at: keySpan(subject.tree, [...path, "dockerfile"]) }];
    const details = { code: "two-dockerfiles", path: [...path, "dockerfile_inline"], notes, hint: "keep one of them" };
    atKey(subject, report, message, details);
  }
  for (const [name, context] of build.additional_contexts ?? []) {
    if (!context.startsWith("service:")) continue;
    checkServiceContext(service, name, { context: context.slice("service:".length), subject, report });
  }
  const { platform } = service;
  if (!isSet(platform) || build.platforms === undefined || build.platforms.length === 0) return;
  if (build.platforms.includes(platform)) return;
  const message = `service "${service.name}" runs on "${platform}", for which it is not built`;
  const notes = [
    {
      message: "the platform to run on is set here",
      at: valueSpan(subject.tree, ["services", service.name, "platform"]),
    },
  ];
  const details = { code: "platform-not-built", path: [...path, "platforms"], notes };
  atKey(subject, report, message, { ...details, hint: `add "${platform}" to build.platforms` });
}

function checkServiceContext(service: Service, name: string, context: Context & { readonly context: string }): void {
  const { subject, report, context: target } = context;
  const path = ["services", service.name, "build", "additional_contexts", name];
  const found = subject.enabled.get(target);
  if (found === undefined) {
    const message = `service "${service.name}" builds with the image of "${target}", which is not a service`;
    const hint = serviceHint(target, subject.enabled.keys());
    atKey(subject, report, message, { code: "undefined-service", path, hint });
  } else if (found.build === undefined) {
    const message = `service "${service.name}" builds with the image of "${target}", which has no build section`;
    const hint = `to use its image, write docker-image://${found.image ?? "IMAGE"}`;
    atKey(subject, report, message, { code: "service-not-built", path, hint });
  }
}

function checkHealthTest(service: Service, subject: Subject, report: Report): void {
  const [first] = service.healthcheck?.test ?? [];
  if (first === undefined || ["NONE", "CMD", "CMD-SHELL"].includes(first)) return;
  const path = ["services", service.name, "healthcheck", "test", 0];
  const message = `the health check of service "${service.name}" starts with "${first}"`;
  const hint = `a list starts with "CMD", "CMD-SHELL" or "NONE": ["CMD", "${first}", …]`;
  atValue(subject, report, message, { code: "health-test-start", path, hint });
}

function checkWatchTargets(service: Service, subject: Subject, report: Report): void {
  for (const [index, rule] of itemsAt(subject, service.develop?.watch)) {
    if (isSet(rule.target) || rule.action === "rebuild" || rule.action === "restart") continue;
    const path = ["services", service.name, "develop", "watch", index];
    const message = `service "${service.name}" watches "${rule.path}" to "${rule.action}" it, but says not where to`;
    atKey(subject, report, message, { code: "no-watch-target", path, hint: 'add "target", a path in the container' });
  }
}

function isSet(text: string | undefined): text is string {
  return text !== undefined && text !== "";
}
