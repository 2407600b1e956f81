import { describe, expect, test } from "vitest";

import type { ImageOptions } from "../../src/planner/images.ts";
import { formatPlan } from "../../src/planner/text.ts";
import { broughtUp, image, nothing, project, up } from "./world.ts";

const build = { context: "/p" };
const here = { busybox: image("busybox") };

/** Image steps only: policy, flags and what is here → what is pulled or built, and why. */
function steps(
  services: Parameters<typeof project>[0]["services"],
  options: Partial<ImageOptions> = {},
  images: Readonly<Record<string, ReturnType<typeof image>>> = {},
): readonly string[] {
  const observed = { ...nothing, images: new Map(Object.entries(images)) };
  const images_ = { pull: undefined, build: false, noBuild: false, brought: new Set<string>(), ...options };
  const plan = up(project({ services }), observed, { images: images_ });
  const text = formatPlan({ ...plan, steps: plan.steps.filter(({ kind }) => kind.startsWith("image.")) });
  return text === "" ? [] : text.split("\n");
}

describe("pull_policy", () => {
  const dayOld = { busybox: image("busybox", { taggedAt: nothing.time - 25 * 3_600_000 }) };

  test.each([
    [undefined, {}, ["#1 image.pull image busybox (missing)"]],
    ["missing", {}, ["#1 image.pull image busybox (missing)"]],
    ["missing", here, []],
    ["always", here, ["#1 image.pull image busybox (always asked for)"]],
    ["never", {}, []],
    ["build", {}, []],
    ["daily", here, ["#1 image.pull image busybox (older than daily allows)"]],
    ["daily", dayOld, ["#1 image.pull image busybox (older than daily allows)"]],
    ["weekly", dayOld, []],
    ["every_1d2h", dayOld, []],
    ["every_12h", dayOld, ["#1 image.pull image busybox (older than 12h allows)"]],
    ["refresh", here, []],
  ])("%s", (pull_policy, images, expected) => {
    expect(steps({ web: { ...(pull_policy !== undefined && { pull_policy }) } }, {}, images)).toEqual(expected);
  });

  test("--pull overrides it", () => {
    expect(steps({ web: { pull_policy: "never" } }, { pull: "always" }, here)).toHaveLength(1);
    expect(steps({ web: { pull_policy: "always" } }, { pull: "missing" }, here)).toEqual([]);
  });

  test("an image is pulled once for everybody, and once for each platform", () => {
    expect(steps({ a: {}, b: {}, c: { platform: "linux/arm64" } })).toMatchInlineSnapshot(`
      [
        "#1 image.pull image busybox (missing)",
        "#2 image.pull image busybox (missing)",
      ]
    `);
  });

  test("what may not be brought is a problem where a container needs it, and only there", () => {
    const shop = project({ services: { web: { pull_policy: "never", image: "gone:1" } } });
    expect(up(shop).problems).toMatchInlineSnapshot(`
      [
        {
          "code": "image-absent",
          "message": "image "gone:1" of service "web" is not on this engine, and its pull policy forbids to pull it",
          "path": "services.web.image",
          "severity": "error",
        },
      ]
    `);
    expect(up(shop, broughtUp(shop, { images: new Map() })).problems).toEqual([]);
  });
});

describe("build", () => {
  test("when missing, when asked for, when the policy says so; never with --no-build", () => {
    expect(steps({ web: { build } })).toEqual(["#1 image.build image p-web (missing)"]);
    const there = { "p-web": image("p-web") };
    expect(steps({ web: { build } }, {}, there)).toEqual([]);
    expect(steps({ web: { build } }, { build: true }, there)).toEqual(["#1 image.build image p-web (asked for)"]);
    expect(steps({ web: { build, pull_policy: "build" } }, {}, there)).toEqual([
      "#1 image.build image p-web (asked for)",
    ]);
    expect(steps({ web: { build } }, { noBuild: true })).toEqual([]);
  });

  test("an image with both is pulled first, and built once that has failed", () => {
    const both = { web: { build, image: "shop/web" } };
    expect(steps(both)).toEqual(["#1 image.pull image shop/web (missing; built if it cannot be pulled)"]);
    expect(steps(both, { brought: new Set(["shop/web"]) })).toEqual(["#1 image.build image shop/web (missing)"]);
    expect(steps(both, { build: true })).toEqual(["#1 image.build image shop/web (missing)"]);
  });

  test("a context that is another service's image is built before", () => {
    const contexts = { additional_contexts: new Map([["base", "service:base"]]) };
    expect(steps({ app: { build: { ...build, ...contexts } }, base: { build } })).toMatchInlineSnapshot(`
      [
        "#1 image.build image p-base (missing)",
        "#2 image.build image p-app after #1 (missing)",
      ]
    `);
  });

  test("a base of a service that takes no part is built with what needs it, and only then", () => {
    const contexts = (name: string) => ({ additional_contexts: new Map([["base", `service:${name}`]]) });
    const services = project({
      services: { base: { build: { ...build, ...contexts("root") } }, root: { build } },
    }).services;
    const shop = {
      ...project({ services: { app: { build: { ...build, ...contexts("base") } } } }),
      disabledServices: services,
    };
    const plan = (images: Readonly<Record<string, ReturnType<typeof image>>>): readonly string[] => {
      const { steps: all } = up(shop, { ...nothing, images: new Map(Object.entries(images)) });
      return all.filter(({ kind }) => kind === "image.build").map(({ resource, cause }) => `${resource}: ${cause}`);
    };
    expect(plan({})).toEqual([
      "image p-root: another build needs it",
      "image p-base: another build needs it",
      "image p-app: missing",
    ]);
    expect(plan({ "p-base": image("p-base") })).toHaveLength(3);
    expect(plan({ "p-app": image("p-app") })).toEqual([]);
  });

  test("images that are made from each other are refused with the way round", () => {
    const on = (name: string) => ({ build: { ...build, additional_contexts: new Map([["x", `service:${name}`]]) } });
    const circle = project({ services: { a: on("b"), b: on("c"), c: on("b"), self: on("self") } });
    expect(up(circle, nothing).problems).toMatchObject([
      { code: "build-cycle", message: "services are built from each other's images in a circle: b → c → b" },
      { message: "services are built from each other's images in a circle: self → self" },
    ]);
  });

  test("what was brought just now is not brought again", () => {
    expect(steps({ web: { pull_policy: "always" } }, { brought: new Set(["busybox"]) }, here)).toEqual([]);
  });
});

test("images that are mounted, and those of pre_start hooks", () => {
  const mounted = {
    web: {
      volumes: [
        { type: "image" as const, source: "content:1", target: "/c" },
        { type: "image" as const, source: "base", target: "/b" },
      ],
      pre_start: [{ command: ["x"], image: "tool:1" }],
    },
    base: { build },
  };
  expect(steps(mounted, {}, here)).toMatchInlineSnapshot(`
    [
      "#1 image.pull image content:1 (missing)",
      "#2 image.pull image tool:1 (missing)",
      "#3 image.build image p-base (missing)",
    ]
  `);
});

test("containers wait for their own image, and are compared with nothing while it is on its way", () => {
  const shop = project({ services: { web: { pull_policy: "always" }, other: { image: "other" } } });
  const plan = up(shop, {
    ...broughtUp(shop),
    images: new Map([
      ["busybox", image("newer")],
      ["other", image("other")],
    ]),
  });
  expect(formatPlan(plan)).toBe("#1 image.pull image busybox (always asked for)");
  expect(formatPlan(up(shop))).toMatchInlineSnapshot(`
    "#1 image.pull image busybox (always asked for)
    #2 image.pull image other (missing)
    #3 network.create network p_default (missing)
    #4 container.create container p-other-1 after #2 #3 (missing)
    #5 container.create container p-web-1 after #1 #3 (missing)
    #6 container.start container p-other-1 after #4 (created)
    #7 container.start container p-web-1 after #5 (created)"
  `);
});
