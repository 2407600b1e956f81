import { describe, expect, test } from "vitest";

import { loadText, messagesOf, mistakesIn, type Adjust, type Files } from "./load-text.ts";

async function environmentOf(files: Files, adjust: Adjust = {}): Promise<Readonly<Record<string, string | null>>> {
  const { project } = await loadText(files, adjust);
  return Object.fromEntries(project.services.get("web")?.environment ?? []);
}

function web(fields: string, files: Readonly<Record<string, string>>): Files {
  return { "compose.yaml": `services: {web: {image: x, ${fields}}}`, ...files };
}

describe("env files", () => {
  test("later ones win, and what the service says itself wins over all", async () => {
    const files = web("env_file: [a.env, b.env], environment: {C: own}", {
      "a.env": "A=1\nB=1\nC=1",
      "b.env": "B=2\nC=2",
    });
    expect(await environmentOf(files)).toEqual({ A: "1", B: "2", C: "own" });
  });

  test("a variable that is only named masks what the file says", async () => {
    const files = web("env_file: a.env, environment: [A, B]", { "a.env": "A=file\nB=file" });
    expect(await environmentOf(files, { environment: new Map([["B", "shell"]]) })).toEqual({ A: null, B: "shell" });
  });

  test("variables inside them: the shell, then the service, then what was read before", async () => {
    const files = web("env_file: [a.env, b.env], environment: {S: service, P: service}", {
      "a.env": "F=first\nP=file",
      "b.env": "OUT=${P} ${S} ${F} ${NONE:-none}",
    });
    const found = await environmentOf(files, { environment: new Map([["P", "shell"]]) });
    expect(found["OUT"]).toBe("shell service first none");
  });

  test("raw ones are taken as they stand", async () => {
    const files = web("env_file: [{path: a.env, format: raw}]", { "a.env": 'A="$B" # c\n' });
    expect(await environmentOf(files)).toEqual({ A: '"$B" # c' });
  });

  test("may be missing when they are not required", async () => {
    expect(await environmentOf(web("env_file: [{path: no.env, required: false}]", {}))).toEqual({});
  });

  test("are gone from the model, unless they are not to be read", async () => {
    const files = web("env_file: a.env", { "a.env": "A=1" });
    const read = await loadText(files);
    expect(read.project.services.get("web")?.env_file).toBeUndefined();
    const { project } = await loadText(files, { resolveEnvironment: false });
    expect(project.services.get("web")?.env_file).toMatchObject([{ required: true }]);
    expect(project.services.get("web")?.environment).toBeUndefined();
  });

  test("of services that are not selected are not read", async () => {
    const files = "services: {web: {image: x}, other: {image: x, env_file: no.env}}";
    const select = { services: ["web"], dependencies: true };
    expect(await messagesOf(files, { select })).toEqual([]);
    expect(await messagesOf(files, { select, readUnselected: true })).toHaveLength(1);
  });

  test("with mistakes: each is shown, once, with who reads the file", async () => {
    const files = {
      "compose.yaml":
        "services:\n  a: {image: x, env_file: x.env}\n  b: {image: x, env_file: [x.env, no.env, {path: x.env, format: odd}]}\n",
      "x.env": 'GOOD=1\nnot a line\nALSO="open\n',
    };
    expect(await mistakesIn(files)).toMatchInlineSnapshot(`
      "
      error: the variable's name "not a line" contains a blank
        x.env:2:4
          1 │ GOOD=1
          2 │ not a line
            │    ^
        note: service "a" reads the file here
        compose.yaml:2:27
          2 │   a: {image: x, env_file: x.env}
            │                           ^^^^^
        hint: write NAME=value, one on each line

      error: the quoted value of "ALSO" is not closed
        x.env:3:6
          2 │ not a line
          3 │ ALSO="open
            │      ^^^^^
        note: service "a" reads the file here
        compose.yaml:2:27
          2 │   a: {image: x, env_file: x.env}
            │                           ^^^^^
        hint: close it with "; a " inside the value is written \\"

      error: the env file "/demo/no.env" of service "b" does not exist
        compose.yaml:3:35  services.b.env_file[1].path
          2 │   a: {image: x, env_file: x.env}
          3 │   b: {image: x, env_file: [x.env, no.env, {path: x.env, format: odd}]}
            │                                   ^^^^^^
        hint: create it, or write it in long form with \`required: false\`

      error: env file "/demo/x.env" has the unknown format "odd"
        compose.yaml:3:65  services.b.env_file[0].path
          2 │   a: {image: x, env_file: x.env}
          3 │   b: {image: x, env_file: [x.env, no.env, {path: x.env, format: odd}]}
            │                                                                 ^^^
        hint: the one format with a name is "raw"

      4 errors
      "
    `);
  });
});

describe("label files", () => {
  test("fill in what the service does not say, and stay in the model for the hash", async () => {
    const files = web("label_file: [a.labels, b.labels], labels: {own: 1}", {
      "a.labels": "com.example.a=1\nown=file\nsame=a",
      "b.labels": "same=b",
    });
    const service = (await loadText(files)).project.services.get("web");
    expect(Object.fromEntries(service?.labels ?? [])).toEqual({ "com.example.a": "1", own: "1", same: "b" });
    expect(service?.label_file).toHaveLength(2);
  });

  test("know no variables but their own", async () => {
    const files = web("label_file: a.labels", { "a.labels": "a=1\nb=${a}${SHELL_ONLY}" });
    const service = (await loadText(files, { environment: new Map([["SHELL_ONLY", "x"]]) })).project.services.get(
      "web",
    );
    expect(service?.labels?.get("b")).toBe("1");
  });

  test("must be there", async () => {
    expect(await messagesOf(web("label_file: no.labels", {}))).toEqual([
      'the label file "/demo/no.labels" of service "web" does not exist',
    ]);
  });
});

test("the content of secrets and configs from variables is kept beside their names", async () => {
  const files =
    "services: {web: {image: x, secrets: [s], configs: [c]}}\nsecrets: {s: {environment: KEY}}\nconfigs: {c: {environment: NO}}";
  const { project } = await loadText(files, { environment: new Map([["KEY", "hidden"]]) });
  expect(project.secrets.get("s")).toMatchObject({ environment: "KEY", value: "hidden" });
  expect(project.configs.get("c")?.value).toBeUndefined();
});
