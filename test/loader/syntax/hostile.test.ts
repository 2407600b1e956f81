import fc from "fast-check";
import { describe, expect, test } from "vitest";

import { parseBoolean } from "../../../src/loader/syntax/boolean.ts";
import { parseBytes } from "../../../src/loader/syntax/bytes.ts";
import { parseCpus } from "../../../src/loader/syntax/cpus.ts";
import { parseDevice } from "../../../src/loader/syntax/device.ts";
import { parseDotenv } from "../../../src/loader/syntax/dotenv.ts";
import { parseDuration } from "../../../src/loader/syntax/duration.ts";
import { parseRawEnvFile } from "../../../src/loader/syntax/env-file-raw.ts";
import { parseExtraHost } from "../../../src/loader/syntax/extra-host.ts";
import { parseFileMode } from "../../../src/loader/syntax/file-mode.ts";
import { compileGlob } from "../../../src/loader/syntax/glob.ts";
import { parseImageReference } from "../../../src/loader/syntax/image-reference.ts";
import { parseInteger } from "../../../src/loader/syntax/integer.ts";
import { parseTemplate } from "../../../src/loader/syntax/interpolation.ts";
import { parseVariable } from "../../../src/loader/syntax/key-value.ts";
import { parsePort } from "../../../src/loader/syntax/port.ts";
import { normaliseProjectName } from "../../../src/loader/syntax/project-name.ts";
import { splitShellWords } from "../../../src/loader/syntax/shell-words.ts";
import { parseUlimit } from "../../../src/loader/syntax/ulimit.ts";
import { parseVolumeMount } from "../../../src/loader/syntax/volume-mount.ts";
import { resolveScalar } from "../../../src/loader/syntax/yaml-scalar.ts";
import { cpuTime } from "../../harness/cpu-time.ts";

const unset = (): undefined => undefined;
const grammars: readonly [string, (text: string) => unknown][] = [
  ["boolean", parseBoolean],
  ["bytes", parseBytes],
  ["cpus", parseCpus],
  ["device", parseDevice],
  ["dotenv", (text) => parseDotenv(text, { lookup: unset })],
  ["duration", parseDuration],
  ["extra host", parseExtraHost],
  ["file mode", parseFileMode],
  ["glob", (text) => compileGlob(text)?.("name")],
  ["image reference", parseImageReference],
  ["integer", parseInteger],
  ["interpolation", parseTemplate],
  ["key-value", parseVariable],
  ["port", parsePort],
  ["project name", normaliseProjectName],
  ["raw env file", (text) => parseRawEnvFile(text, unset)],
  ["shell words", splitShellWords],
  ["ulimit", parseUlimit],
  ["volume", parseVolumeMount],
  ["YAML scalar", resolveScalar],
];

/** Texts that made a regular expression backtrack, a recursion deep or a loop quadratic in some parser or other. */
const size = 100_000;
const shapes = [
  "a",
  "\n",
  " ",
  "#\n",
  "${",
  "${A:-",
  "}",
  "{",
  "$",
  ":",
  "1",
  "a-",
  "a_",
  "a/",
  "1_",
  "1s",
  "(",
  "'",
  '\\"',
  "[",
  "*",
  "\0",
  "=",
];
const texts = shapes.flatMap((shape) => {
  const long = shape.repeat(Math.ceil(size / shape.length));
  return [long, `${long}!`, `A="${long}`, `1${long}`];
});

describe.each(grammars)("%s", (_name, parse) => {
  test("never throws", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        parse(text);
      }),
    );
  });

  test("reads 100 kB of anything in time", () => {
    for (const text of texts) {
      const started = cpuTime();
      parse(text);
      expect(cpuTime() - started, `${text.slice(0, 8)}…`).toBeLessThan(1000);
    }
  });
});
