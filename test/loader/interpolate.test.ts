import { describe, expect, test } from "vitest";

import { diagnosticsOf, saidOf, web, webOf } from "./tree-text.ts";

const environment = new Map([
  ["SET", "value"],
  ["EMPTY", ""],
  ["YES", "yes"],
  ["THREE", "3"],
]);

test("variables are put in everywhere but in keys", async () => {
  const fields =
    "image: busybox:${SET}\nlabels: {'$SET': '$SET'}\nx-extra: ['${SET}']\nenvironment: ['$SET=${EMPTY:-d}']";
  expect(await webOf(web(fields), { environment })).toEqual({
    image: "busybox:value",
    labels: { $SET: "value" },
    "x-extra": ["value"],
    environment: ["value=d"],
  });
});

test("text where a number or a boolean belongs becomes one", async () => {
  const fields =
    "scale: ${THREE}\ntty: ${YES}\ncpus: '0.5'\nhealthcheck: {retries: '3', disable: 'off'}\nports: [{target: '80', published: '${THREE}'}]";
  expect(await webOf(web(fields), { environment })).toEqual({
    scale: 3,
    tty: true,
    cpus: 0.5,
    healthcheck: { retries: 3, disable: false },
    ports: [{ target: 80, published: "3", protocol: "tcp", mode: "ingress" }],
  });
});

test("a word is only looked at when it is needed", async () => {
  expect(await webOf(web("image: '${SET:-${GONE:?never asked}}'"), { environment })).toEqual({ image: "value" });
});

test("without interpolation everything stays as it is written", async () => {
  const fields = "image: '${SET}'\ntty: '${YES}'\nports: ['${P}:80', '90']\nvolumes: ['${V:-x}:/data']";
  expect(await webOf(web(fields), { environment, interpolate: false })).toEqual({
    image: "${SET}",
    tty: "${YES}",
    ports: ["${P}:80", "90"],
    volumes: [{ type: "volume", source: "${V:-x}", target: "/data", volume: {} }],
  });
});

describe("what is said", () => {
  test("a name of one letter is not meant as another one", async () => {
    const text = await diagnosticsOf({ "compose.yaml": web("image: x$A"), ".env": "B=1\n" });
    expect(text).toContain("hint: set it in the environment or in .env");
  });

  test("all at once, each at the very characters", async () => {
    const files = {
      "compose.yaml": web(
        'image: "busybox:${TAGG}"\nhostname: ${NEED:?set it to the name of the host}\ndomainname: a${}b\nscale: $MANY',
      ),
      ".env": "TAG=1\nMANY=lots\n",
    };
    expect(await diagnosticsOf(files)).toMatchInlineSnapshot(`
      "
      warning: variable "TAGG" is not set; nothing takes its place
        compose.yaml:3:21  services.web.image
          2 │   web:
          3 │     image: "busybox:\${TAGG}"
            │                     ^^^^^^^
        hint: did you mean "TAG"?

      error: required variable "NEED" is missing a value: set it to the name of the host
        compose.yaml:4:15  services.web.hostname
          3 │     image: "busybox:\${TAGG}"
          4 │     hostname: \${NEED:?set it to the name of the host}
            │               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        hint: set NEED in the environment or in .env

      error: "\${}" names no variable
        compose.yaml:5:18  services.web.domainname
          4 │     hostname: \${NEED:?set it to the name of the host}
          5 │     domainname: a\${}b
            │                  ^^^
        hint: to write a literal "$", double it: "$$"

      error: "lots" is not a whole number
        compose.yaml:6:12  services.web.scale
          5 │     domainname: a\${}b
          6 │     scale: $MANY
            │            ^^^^^
        note: the value of MANY comes from here
        .env:2:6
          2 │ MANY=lots
            │      ^^^^
        hint: write digits only, such as 10

      3 errors, 1 warning
      "
    `);
  });

  test("a variable in a text of several lines", async () => {
    const files = web("command: |\n  echo one\n  echo ${TWO?no two}\nlabels:\n  folded: >\n    a $GONE\n    b");
    expect(await diagnosticsOf(files)).toMatchInlineSnapshot(`
      "
      error: required variable "TWO" is missing a value: no two
        compose.yaml:5:12  services.web.command
          4 │       echo one
          5 │       echo \${TWO?no two}
            │            ^^^^^^^^^^^^^
        hint: set TWO in the environment or in .env

      warning: variable "GONE" is not set; nothing takes its place
        compose.yaml:8:11  services.web.labels.folded
          7 │       folded: >
          8 │         a $GONE
            │           ^^^^^
        hint: set it in the environment or in .env, give it a default with \${GONE:-…}, or write $$ for a literal "$"

      1 error, 1 warning
      "
    `);
  });

  test("a value that aliases repeat is spoken of once", async () => {
    const text = "x-common: &common\n  image: $GONE\nservices:\n  a: *common\n  b: *common\n";
    expect(await saidOf(text)).toEqual(['warning: variable "GONE" is not set; nothing takes its place']);
  });

  test("one value does not mention a variable twice", async () => {
    expect(await saidOf(web(`image: ${"$A".repeat(1000)}`))).toHaveLength(1);
  });
});

describe("traps of YAML", () => {
  test.each([
    ["environment: {A: 010}", 'warning: 010 without quotes is a number, and becomes "8"'],
    ["environment: {A: 3.10}", 'warning: 3.10 without quotes is a number, and becomes "3.1"'],
    ["labels: {A: 1e3}", 'warning: 1e3 without quotes is a number, and becomes "1000"'],
    ["build: {context: ., args: {A: 0x10}}", 'warning: 0x10 without quotes is a number, and becomes "16"'],
    ["tty: 'yes'", 'warning: "yes" is a boolean in old YAML only, and is read as true here'],
    ["ports: [22:22]", "warning: without quotes, 22:22 is the number 1342 to readers of old YAML"],
    ["volumes: ['v:/data']", 'warning: docker compose takes "v:" for a Windows drive; here it is the volume "v"'],
    ["volumes: ['./a:/b:rw,zz']", 'warning: the mount option "zz" means nothing and is ignored'],
  ])("%s", async (fields, said) => expect(await saidOf(web(fields))).toEqual([said]));

  test.each([
    "environment: {A: 8, B: 1.5, C: true, D: '010'}",
    "ports: ['22:22', 80:80, '8080:80']",
    "volumes: ['data:/data:ro']",
  ])("none: %s", async (fields) => expect(await saidOf(web(fields))).toEqual([]));
});
