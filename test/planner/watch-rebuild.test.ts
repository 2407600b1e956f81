import { expect, test } from "vitest";

import { concernedBy } from "../../src/planner/watch-rebuild.ts";
import { broughtUp, project, type ServiceSketch } from "./world.ts";

type Services = Readonly<Record<string, ServiceSketch>>;

/** "web×2": what is left of the project, and how many containers of it there are to be. */
function concerned(services: Services, rebuilt: readonly string[], without: readonly string[] = []): readonly string[] {
  const whole = project({ services });
  const containers = broughtUp(whole).containers.filter(({ service }) => !without.includes(service));
  // Somebody has changed the file's numbers meanwhile, but not what runs.
  const changed = project({
    services: Object.fromEntries(Object.entries(services).map(([name, each]) => [name, { ...each, scale: 7 }])),
  });
  const part = concernedBy(changed, rebuilt, containers);
  expect([...part.services.keys(), ...part.disabledServices.keys()].sort()).toEqual(Object.keys(services).sort());
  return [...part.services.values()].map(({ name, scale }) => `${name}×${scale ?? "?"}`).sort();
}

test("what was rebuilt, as often as it runs, and nobody else", () => {
  const services = { web: { scale: 2, depends_on: { db: {} } }, db: {}, other: { depends_on: { web: {} } } };
  expect(concerned(services, ["web"])).toEqual(["web×2"]);
});

test("what was rebuilt and does not run, as often as the file says; the rest stays away", () => {
  const services = { web: {}, tail: { network_mode: "service:web" } };
  expect(concerned(services, ["web"], ["web", "tail"])).toEqual(["tail×0", "web×7"]);
});

test("who is tied to its containers, and to theirs, and whose containers those are tied to", () => {
  const services = {
    web: {},
    sidecar: { network_mode: "service:web", volumes_from: ["data:ro"] },
    follower: { depends_on: { sidecar: { restart: true } } },
    data: {},
    other: { depends_on: { web: {} } },
  };
  expect(concerned(services, ["web"])).toEqual(["data×1", "follower×1", "sidecar×1", "web×1"]);
});

test("those who provide its environment; dependencies that are left alone are not waited for", () => {
  const services: Services = {
    web: { depends_on: { cloud: {}, db: { condition: "service_healthy" } } },
    cloud: { provider: { type: "x" } },
    db: {},
  };
  const part = concernedBy(project({ services }), ["web"], []);
  expect([...part.services.keys()]).toEqual(["web", "cloud"]);
  expect([...(part.services.get("web")?.depends_on?.keys() ?? [])]).toEqual(["cloud"]);
});
