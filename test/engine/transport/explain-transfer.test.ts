import { expect, test } from "vitest";

import { type Attempt, explainTransfer } from "../../../src/engine/transport/explain-transfer.ts";

const pull: Attempt = { verb: "pull", image: "r.example/team/app:1", registry: "r.example", loggedIn: false };

/** What engines say; those of 20.10 and 28 with either image store, and podman, were asked. */
const said = {
  absent: [
    "manifest for r.example/team/app:1 not found: manifest unknown: manifest unknown",
    'failed to resolve reference "r.example/team/app:1": r.example/team/app:1: not found',
    "initializing source docker://r.example/team/app:1: reading manifest 1 in r.example/team/app: manifest unknown",
    "name unknown: repository name not known to registry",
  ],
  denied: [
    "pull access denied for r.example/team/app, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
    "pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed",
    "denied: requested access to the resource is denied",
  ],
  "login needed": [
    'Head "http://r.example/v2/team/app/manifests/1": no basic auth credentials',
    "unauthorized: authentication required",
    "failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://r.example/token: 401 Unauthorized",
  ],
  "on the way": [
    'Get "http://r.example/v2/": dial tcp 127.0.0.1:1: connect: connection refused',
    'Get "http://r.example/v2/": read tcp 127.0.0.1:44574->127.0.0.1:5913: read: connection reset by peer',
    'Get "https://r.example/v2/": net/http: TLS handshake timeout',
    'Get "https://r.example/v2/": dial tcp: lookup r.example on 10.0.0.1:53: server misbehaving',
    'Get "https://r.example/v2/": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
    "unexpected EOF",
    'Get "https://r.example/v2/": EOF',
    "received unexpected HTTP status: 503 Service Unavailable",
    'pinging container registry r.example: Get "http://r.example/v2/": dial tcp 127.0.0.1:1: connect: connection refused',
  ],
  "for good": [
    'Get "https://r.example/v2/": dial tcp: lookup r.example on 10.0.0.1:53: no such host',
    'Get "https://r.example/v2/": dial tcp 10.1.1.1:443: connect: network is unreachable',
    'Get "https://r.example/v2/": http: server gave HTTP response to HTTPS client',
    'Get "https://r.example/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority',
    "toomanyrequests: You have reached your pull rate limit.",
    "no matching manifest for linux/arm64/v8 in the manifest list entries",
  ],
} as const;

test("the same words for the same thing, whoever says it", () => {
  const rows = Object.entries(said).flatMap(([kind, texts]) =>
    texts.map((text) => {
      const { message, hint = "", transient = false } = explainTransfer(text, pull);
      return `${kind}${transient ? " (again)" : ""}: ${message} | ${hint}`;
    }),
  );
  expect(`\n${[...new Set(rows)].join("\n")}\n`).toMatchInlineSnapshot(`
    "
    absent: the registry has no image r.example/team/app:1 | check the tag
    denied: the image r.example/team/app:1 does not exist in its registry, or you may not pull it | check the name; for a private image run "docker login r.example" first
    login needed: r.example does not let you pull without a login | run "docker login r.example" first
    on the way (again): the engine cannot reach the registry r.example: connection refused | check the image's name, and the network of the engine's machine
    on the way (again): the engine cannot reach the registry r.example: connection reset by peer | check the image's name, and the network of the engine's machine
    on the way (again): the engine cannot reach the registry r.example: TLS handshake timeout | check the image's name, and the network of the engine's machine
    on the way (again): the engine cannot reach the registry r.example: server misbehaving | check the image's name, and the network of the engine's machine
    on the way (again): the engine cannot reach the registry r.example: deadline exceeded | check the image's name, and the network of the engine's machine
    on the way (again): the engine cannot reach the registry r.example: unexpected EOF | check the image's name, and the network of the engine's machine
    on the way (again): the engine cannot reach the registry r.example: it hangs up | check the image's name, and the network of the engine's machine
    on the way (again): the registry r.example is out of order: 503 Service Unavailable | try again later; it is not the image
    for good: the engine cannot reach the registry r.example: no such host | check the image's name, and the network of the engine's machine
    for good: the engine cannot reach the registry r.example: network is unreachable | check the image's name, and the network of the engine's machine
    for good: r.example speaks plain HTTP, which the engine refuses | give the registry a certificate, or add it to "insecure-registries" of the engine's daemon.json
    for good: the engine does not trust the certificate of r.example: certificate signed by unknown authority | put the authority's certificate into /etc/docker/certs.d/r.example/ca.crt on the engine's machine
    for good: r.example lets nobody pull that often | wait a while, or log in, which allows more: "docker login r.example"
    for good: the registry has r.example/team/app:1, but not for linux/arm64/v8 | give the service another "platform", or build the image for this one
    "
  `);
});

test("only what passes by itself is tried again", () => {
  for (const [kind, texts] of Object.entries(said)) {
    const again = texts.map((text) => explainTransfer(text, pull).transient === true);
    expect([kind, ...new Set(again)]).toEqual([kind, kind === "on the way"]);
  }
});

test("who is logged in, and who pushes, gets another remedy", () => {
  const denied = "denied: requested access to the resource is denied";
  const unauthorized = "unauthorized: authentication required";
  const known = { ...pull, loggedIn: true };
  const push = { ...pull, verb: "push" } as const;
  const said = [
    explainTransfer(denied, known),
    explainTransfer(unauthorized, known),
    explainTransfer(denied, push),
    explainTransfer(denied, { ...push, loggedIn: true }),
    explainTransfer(denied, { ...pull, registry: "", image: "team/app" }),
    explainTransfer("An image does not exist locally with the tag: r.example/team/app", push),
    explainTransfer("manifest unknown", { ...pull, image: "r.example/a@sha256:00" }),
    explainTransfer("something else altogether", pull),
  ];
  expect(`\n${said.map(({ message, hint = "" }) => `${message} | ${hint}`).join("\n")}\n`).toMatchInlineSnapshot(`
    "
    the image r.example/team/app:1 does not exist in its registry, or you may not pull it | check the name, and whether your login may see it
    r.example does not accept the login that is stored for it | log in again: "docker login r.example"
    r.example does not let you push without a login | run "docker login r.example" first
    your login at r.example may not push r.example/team/app:1 | check the name, or ask its owner for the right to push there
    the image team/app does not exist in its registry, or you may not pull it | check the name; for a private image run "docker login" first
    this engine has no image r.example/team/app:1 to push | build it first ("tscompose build")
    the registry has no image r.example/a@sha256:00 | check the digest; what it names may have been deleted
    something else altogether | 
    "
  `);
});

test("what an image, its registry or its digest is called is no reason", () => {
  const absentTexts = (image: string): readonly string[] => [
    `manifest for ${image} not found: manifest unknown: manifest unknown`,
    `failed to resolve reference "${image}": ${image}: not found`,
    `Head "https://127.0.0.1:40167/v2/401/unauthorized/manifests/denied": manifest unknown`,
  ];
  const names = [
    "127.0.0.1:40167/nope:1",
    "127.0.0.1:401/nope:1",
    "unauthorized:401",
    "team/access-denied:denied",
    "r.example/toomanyrequests/x509@sha256:401401",
  ];
  for (const image of names) {
    const registry = image.startsWith("127") ? image.slice(0, image.indexOf("/")) : "";
    for (const text of absentTexts(image))
      expect([text, explainTransfer(text, { verb: "pull", image, registry, loggedIn: true }).message]).toEqual([
        text,
        `the registry has no image ${image}`,
      ]);
  }
});
