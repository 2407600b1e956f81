import { describe, expect, test } from "vitest";

import type { Plan } from "../../src/model/plan.ts";
import { type BuildOptions, planBuild } from "../../src/planner/build.ts";
import { planPull } from "../../src/planner/pull.ts";
import { planPush } from "../../src/planner/push.ts";
import { formatPlan } from "../../src/planner/text.ts";
import { image, nothing, project } from "./world.ts";

const build = { context: "/p" };
const texts = (plan: Plan): readonly string[] =>
  formatPlan(plan)
    .split("\n")
    .filter((line) => line !== "");

describe("pull", () => {
  const shop = project({
    services: {
      a: {},
      same: {},
      pinned: { image: "redis:7", pull_policy: "missing" },
      moving: { image: "redis:latest", pull_policy: "missing" },
      never: { image: "own", pull_policy: "never" },
      both: { image: "both", build },
      built: { build },
    },
  });
  const here = {
    ...nothing,
    images: new Map(["busybox", "redis:7", "redis:latest"].map((name) => [name, image(name)])),
  };
  const options = { ignoreBuildable: false, ignorePullFailures: false };

  test("without a policy it is pulled, whether or not it is here; once for everybody", () => {
    const plan = planPull(shop, here, options);
    expect(texts(plan)).toMatchInlineSnapshot(`
      [
        "#1 image.pull image busybox (asked for)",
        "#2 image.pull image redis:latest (latest may be another one now)",
        "#3 image.pull image both (asked for)",
      ]
    `);
    expect(plan.unchanged.map(({ resource, status }) => `${resource} ${status}`)).toEqual([
      "image redis:7 Skipped - Image is already present locally",
      "image own Skipped",
      "image p-built Skipped - No image to be pulled",
    ]);
    expect(
      plan.steps.filter((step) => step.kind === "image.pull" && step.optional).map(({ resource }) => resource),
    ).toEqual(["image both"]);
  });

  test("--policy missing, --ignore-buildable, --ignore-pull-failures", () => {
    expect(texts(planPull(shop, here, { ...options, policy: "missing", ignoreBuildable: true })))
      .toMatchInlineSnapshot(`
      [
        "#1 image.pull image busybox (latest may be another one now)",
        "#2 image.pull image redis:latest (latest may be another one now)",
        "#3 image.pull image own (missing)",
      ]
    `);
    const lenient = planPull(shop, here, { ...options, ignorePullFailures: true });
    expect(lenient.steps.every((step) => step.kind === "image.pull" && step.optional)).toBe(true);
  });
});

test("push: what is built under a name of its own, with its other tags", () => {
  const shop = project({
    services: { a: {}, b: { build }, c: { image: "r/c", build: { ...build, tags: ["r/c:1"] } } },
  });
  const plan = planPush(shop, { ignorePushFailures: false });
  expect(texts(plan)).toEqual([
    "#1 image.push image r/c (asked for)",
    "#2 image.push image r/c:1 after #1 (asked for)",
  ]);
  expect(plan.unchanged.map(({ resource }) => resource)).toEqual(["service a", "service b"]);
});

describe("build", () => {
  const options: BuildOptions = { buildArgs: [], noCache: false, pull: false, push: false };
  const base = { build, image: "r/base" };
  const app = {
    build: { ...build, additional_contexts: new Map([["base", "service:base"]]), args: new Map([["A", "1"]]) },
  };

  test("bases first, asked for or not; pushed as soon as they are built", () => {
    const selected = { ...project({ services: { app } }), disabledServices: project({ services: { base } }).services };
    expect(texts(planBuild(selected, { ...options, push: true }))).toMatchInlineSnapshot(`
      [
        "#1 image.build image r/base (another build needs it)",
        "#2 image.push image r/base after #1 (asked for)",
        "#3 image.build image p-app after #1 (asked for)",
      ]
    `);
    expect(texts(planBuild(project({ services: { app, base, plain: {} } }), { ...options, push: true })))
      .toMatchInlineSnapshot(`
      [
        "#1 image.build image r/base (asked for)",
        "#2 image.push image r/base after #1 (asked for)",
        "#3 image.build image p-app after #1 (asked for)",
      ]
    `);
  });

  test("with --push the other tags go along; what has no name of its own stays here", () => {
    const tags = { build: { ...build, tags: ["r/web:1", "r/web"] } };
    const shop = project({ services: { web: { ...tags, image: "r/web" }, own: tags } });
    const pushed = planBuild(shop, { ...options, push: true }).steps.filter(({ kind }) => kind === "image.push");
    expect(pushed.map(({ resource, after }) => [resource, after])).toEqual([
      ["image r/web", [1]],
      ["image r/web:1", [2]],
    ]);
  });

  test("flags go into the build", () => {
    const shop = { ...project({ services: { app } }), environment: new Map([["FROM_ENV", "x"]]) };
    const given = { buildArgs: ["A=2", "FROM_ENV", "UNSET"], noCache: true, pull: true, ssh: "default" };
    const [step] = planBuild(shop, { ...options, ...given }).steps;
    expect(step?.kind === "image.build" && step.build).toMatchObject({
      args: new Map([
        ["A", "2"],
        ["FROM_ENV", "x"],
      ]),
      no_cache: true,
      pull: true,
      ssh: new Map([["default", null]]),
    });
  });

  test("an agent or key that is given is one more", () => {
    const withKey = { build: { ...build, ssh: new Map([["deploy", "/key"]]) } };
    const [step] = planBuild(project({ services: { withKey } }), { ...options, ssh: "other=/its/key" }).steps;
    expect(step?.kind === "image.build" && step.build.ssh).toEqual(
      new Map([
        ["deploy", "/key"],
        ["other", "/its/key"],
      ]),
    );
  });

  test("nothing to build is said", () => {
    expect(planBuild(project({ services: { a: {} } }), options).warnings).toEqual(["no service has a build section"]);
  });
});
