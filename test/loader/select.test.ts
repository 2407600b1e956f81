import { describe, expect, test } from "vitest";

import { UsageError } from "../../src/model/error.ts";
import { loadText, type Adjust } from "./load-text.ts";

const files = `services:
  web: {image: x, depends_on: [api], networks: [front]}
  api: {image: x, links: [db], volumes: ["data:/d"], secrets: [key]}
  db: {image: x}
  shell: {image: x, profiles: [tools], depends_on: [editor]}
  editor: {image: x, profiles: [tools, debug]}
  trace: {image: x, profiles: [debug], build: {context: ., secrets: [build-key]}}
networks: {front: , back: }
volumes: {data: , spare: }
secrets: {key: {file: k}, build-key: {file: b}, spare: {file: s}}
`;

async function enabled(adjust: Adjust): Promise<string> {
  const { project } = await loadText(files, adjust);
  return [...project.services.keys()].join(" ");
}

const naming = (...services: string[]): Adjust => ({ select: { services, dependencies: true } });

describe("profiles", () => {
  test.each<[string, Adjust, string]>([
    ["none", {}, "api db web"],
    ["one", { profiles: ["tools"] }, "api db editor shell web"],
    ["another", { profiles: ["debug"] }, "api db editor trace web"],
    ["all", { profiles: ["*"] }, "api db editor shell trace web"],
    ["unknown", { profiles: ["nothing"] }, "api db web"],
    [
      "from the environment",
      { environment: new Map([["COMPOSE_PROFILES", " tools , debug"]]) },
      "api db editor shell trace web",
    ],
    [
      "flags in place of the environment",
      { profiles: ["x"], environment: new Map([["COMPOSE_PROFILES", "tools"]]) },
      "api db web",
    ],
  ])("%s", async (_, adjust, services) => {
    expect(await enabled(adjust)).toBe(services);
  });

  test.each<[string, Adjust, string]>([
    ["is active when nobody names any", {}, "off on"],
    ["is what a variable without a value says", { environment: new Map([["OFF", ""]]) }, "off on"],
    ["is not, where a variable says otherwise", { environment: new Map([["OFF", "never"]]) }, "on"],
    ["is not active beside others", { profiles: ["x"] }, "on"],
    ["is active beside others if it is named", { environment: new Map([["COMPOSE_PROFILES", "x,"]]) }, "off on"],
  ])("the empty one %s", async (_, adjust, services) => {
    const { project } = await loadText('services: {off: {image: x, profiles: ["$OFF"]}, on: {image: x}}', adjust);
    expect([...project.services.keys()].sort().join(" ")).toBe(services);
    expect(project.profiles).not.toContain("");
  });
});

describe("named services", () => {
  test.each<[string, Adjust, string]>([
    ["come with what they need", naming("web"), "api db web"],
    ["come with what they need by a link", naming("api"), "api db"],
    ["come alone", { select: { services: ["web"], dependencies: false } }, "web"],
    ["switch their profiles on", naming("shell"), "editor shell"],
    ["may be a pattern", naming("[wa]*"), "api db web"],
    ["may be several", naming("db", "editor"), "db editor"],
  ])("%s", async (_, adjust, services) => {
    expect(await enabled(adjust)).toBe(services);
  });

  test("have no edges to services that are left out", async () => {
    const { project } = await loadText(files, { select: { services: ["web"], dependencies: false } });
    expect(project.services.get("web")?.depends_on?.size).toBe(0);
    expect([...project.disabledServices.keys()]).toContain("api");
  });

  test.each(["wbe", "tr*", "[", "tools"])("must be there: %s", async (name) => {
    await expect(enabled(naming(name))).rejects.toSatisfy(
      (error) => error instanceof UsageError && error.message === `no such service: ${name}`,
    );
  });

  test("that are misspelt are recognised", async () => {
    await expect(enabled(naming("wbe"))).rejects.toMatchObject({ hint: 'did you mean "web"?' });
  });
});

describe("resources", () => {
  const names = async (adjust: Adjust): Promise<string> => {
    const { networks, volumes, secrets } = (await loadText(files, adjust)).project;
    return [networks, volumes, secrets].map((each) => [...each.keys()].sort().join(" ")).join(" | ");
  };

  test.each<[string, Adjust, string]>([
    ["that enabled services use", {}, "default front | data | key"],
    ["of builds, too", { profiles: ["debug"] }, "default front | data | build-key key"],
    [
      "that nobody uses, when they are wanted",
      { allResources: true },
      "back default front | data spare | build-key key spare",
    ],
    ["of selected services only", naming("db"), "default |  | "],
  ])("%s", async (_, adjust, expected) => {
    expect(await names(adjust)).toBe(expected);
  });
});
