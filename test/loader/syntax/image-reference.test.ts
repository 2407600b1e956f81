import { describe, expect, test } from "vitest";

import { formatFamiliar, parseImageReference } from "../../../src/loader/syntax/image-reference.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("parseImageReference", () => {
  test.each([
    ["busybox", "docker.io", "library/busybox", "busybox:latest"],
    ["busybox:1.36", "docker.io", "library/busybox", "busybox:1.36"],
    ["docker.io/library/busybox:1", "docker.io", "library/busybox", "busybox:1"],
    ["index.docker.io/busybox", "docker.io", "library/busybox", "busybox:latest"],
    ["docker.io/me/app", "docker.io", "me/app", "me/app:latest"],
    ["me/app:Tag_1.0-x", "docker.io", "me/app", "me/app:Tag_1.0-x"],
    ["localhost/app", "localhost", "app", "localhost/app:latest"],
    ["localhost:5000/a/b/c:1", "localhost:5000", "a/b/c", "localhost:5000/a/b/c:1"],
    ["ghcr.io/x/y-z__a", "ghcr.io", "x/y-z__a", "ghcr.io/x/y-z__a:latest"],
    [`app@${digest}`, "docker.io", "library/app", `app@${digest}`],
    [`r.io/app:1@${digest}`, "r.io", "app", `r.io/app:1@${digest}`],
  ])("%s", (text, domain, path, familiar) => {
    const result = parseImageReference(text);
    expect(result).toMatchObject({ ok: true, value: { domain, path } });
    expect(result.ok && formatFamiliar(result.value)).toBe(familiar);
  });

  test.each([
    ["", "a name has lower-case"],
    ["Busybox", "written in lower case"],
    ["a//b", "a name has lower-case"],
    ["a:", "a tag has"],
    ["a:b c", "a tag has"],
    [`a:${"x".repeat(129)}`, "a tag has"],
    ["a@sha256:12", "a digest is written"],
    ["a@b@c", "a digest is written"],
    ["-a", "a name has lower-case"],
    ["a___b", "a name has lower-case"],
  ])("%j is refused", (text, hint) => {
    const result = parseImageReference(text);
    expect(result).toMatchObject({ ok: false, message: `"${text}" is not the name of an image` });
    expect(!result.ok && result.hint).toContain(hint);
  });

  test("an address is told from a name", () => {
    expect(parseImageReference("https://r.io/app")).toMatchObject({ ok: false, hint: "leave out https://" });
  });
});
