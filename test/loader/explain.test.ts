import { expect, test } from "vitest";

import { formatExplanation } from "../../src/loader/explain-text.ts";
import { explain } from "../../src/loader/explain.ts";
import type { LoadOptions } from "../../src/loader/options.ts";
import { loadDocument } from "../../src/loader/project.ts";
import { inFolder } from "./load-text.ts";

const files = {
  "compose.yaml": `services:
  web:
    extends: { file: base.yaml, service: base }
    image: nginx:\${TAG}
    ports:
      - "8080:80"
      - target: 443
        published: \${TLS:-8443}
    environment:
      LEVEL: \${LEVEL}
      OWN: "1"
    env_file: vars.env
    build: .
`,
  "base.yaml": "services:\n  base:\n    image: base\n    command: [a, b]\n    environment: [LEVEL=base]\n",
  "compose.override.yaml": "services:\n  web:\n    image: nginx:2\n    command: c\n",
  ".env": "LEVEL=debug\nTAG=1\n",
  "vars.env": "OWN=file\nMORE=x\n",
};

/** What the user sees; the folder is /demo. */
function explained(path: string): Promise<string> {
  return inFolder(files, async (cwd) => {
    const loaded = await loadDocument({ cwd, environment: new Map([["LEVEL", "loud"]]) });
    const text = formatExplanation(await explain(loaded, path), cwd);
    return `\n${text}`.replaceAll(cwd, "/demo");
  });
}

test("a service", async () =>
  expect(await explained("services.web")).toMatchInlineSnapshot(`
  "
  services.web.image: nginx:2
    base.yaml:3:12              base  (replaced)
    compose.yaml:4:12           nginx:\${TAG}  (replaced)
      TAG=1  .env:2:5
    compose.override.yaml:3:12  nginx:2
  services.web.command: c
    base.yaml:4:14              [a, b]  (replaced)
    compose.override.yaml:4:14  c
  services.web.environment[0]: LEVEL=loud
    base.yaml:5:19     LEVEL=base  (replaced)
    compose.yaml:10:7  LEVEL: \${LEVEL}
      LEVEL=loud  (environment)
  services.web.environment[1]: OWN=1
    vars.env:1:5       file  (replaced)
    compose.yaml:11:7  OWN: "1"
  services.web.ports[0]: {mode: ingress, target: 80, published: 8080, protocol: tcp}
    compose.yaml:6:9  "8080:80"
  services.web.ports[1].target: 443
    compose.yaml:7:17  443
  services.web.ports[1].published: 8443
    compose.yaml:8:20  \${TLS:-8443}
      TLS is not set
  services.web.ports[1].protocol: tcp
    compose.yaml:7:9  default: tcp
  services.web.ports[1].mode: ingress
    compose.yaml:7:9  default: ingress
  services.web.env_file: [{path: /demo/vars.env, required: true}]
    compose.yaml:12:15  vars.env
  services.web.build: {context: /demo, dockerfile: Dockerfile}
    compose.yaml:13:12  .
  services.web.networks: {default: null}
    compose.override.yaml:2:3  default: {default: null}
  services.web.environment.MORE: x
    vars.env:2:6  x
  "
`));

test.each([
  ["services.web.image", "services.web.image: nginx:2"],
  ["services.web.ports[1].target", "services.web.ports[1].target: 443"],
  ["services.web.environment.MORE", "services.web.environment.MORE: x"],
  ["services.web.environment.OWN", "services.web.environment.OWN: OWN=1"],
])("%s", async (path, first) => expect((await explained(path)).split("\n")[1]).toBe(first));

test("a place that is not there", async () => {
  await expect(explained("services.wbe.image")).rejects.toMatchObject({
    message: 'there is no "wbe" in services',
    hint: 'did you mean "web"?',
  });
});

test("the project's name, which need not be what the file says", async () => {
  const named = async (more: Partial<LoadOptions>, own: Readonly<Record<string, string>> = {}): Promise<string> =>
    inFolder({ "compose.yaml": "name: ${N:-abc}\nservices: { a: { image: b } }\n", ...own }, async (cwd) => {
      const loaded = await loadDocument({ cwd, environment: new Map(), ...more });
      return formatExplanation(await explain(loaded, "name"), cwd);
    });
  expect(await named({})).toBe("name: abc\n  compose.yaml:1:7  ${N:-abc}\n    N is not set\n");
  expect(await named({ projectName: "p" })).toBe(
    "name: p\n  compose.yaml:1:7  ${N:-abc}  (replaced)\n    N is not set\n  --project-name    p\n",
  );
  const plain = { "compose.yaml": "services: { a: { image: b } }\n" };
  expect(await named({ environment: new Map([["COMPOSE_PROJECT_NAME", "e"]]) }, plain)).toBe(
    "name: e\n  COMPOSE_PROJECT_NAME  e\n",
  );
  expect(await named({}, { ...plain, ".env": "COMPOSE_PROJECT_NAME=f\n" })).toBe("name: f\n  .env:1:22  f\n");
  expect(await named({}, plain)).toMatch(/^name: (\S+)\n {2}the name of the folder {2}\1\n$/);
});
