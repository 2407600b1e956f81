import { expect, test } from "vitest";

import { proxyFor } from "../../../src/engine/proxy/proxy-for.ts";

const proxies = { HTTPS_PROXY: "http://secure.proxy:3128", http_proxy: "plain.proxy:8080" };

test.each([
  // address, NO_PROXY, proxy
  ["https://a.example/x", "", "secure.proxy:3128"],
  ["http://a.example/x", "", "plain.proxy:8080"],
  ["https://localhost:5000/", "", undefined],
  ["https://127.0.0.5:5000/", "", undefined],
  ["https://[::1]/", "", undefined],
  ["https://a.example/", "*", undefined],
  ["https://a.example/", "example", undefined],
  ["https://a.example/", "a.example", undefined],
  ["https://A.EXAMPLE./", " other, a.Example", undefined],
  ["https://b.a.example/", "a.example", undefined],
  ["https://ba.example/", "a.example", "secure.proxy:3128"],
  ["https://a.example/", ".a.example", "secure.proxy:3128"],
  ["https://b.a.example/", ".a.example", undefined],
  ["https://b.a.example/", "*.a.example", undefined],
  ["https://a.example:5000/", "a.example:5000", undefined],
  ["https://a.example/", "a.example:5000", "secure.proxy:3128"],
  ["https://a.example/", "a.example:443", undefined],
  ["http://a.example/", "a.example:80", undefined],
  ["https://10.1.2.3/", "10.1.0.0/16", undefined],
  ["https://10.2.2.3/", "10.1.0.0/16,10.2.2", "secure.proxy:3128"],
  ["https://10.2.2.3:5000/", "10.2.2.3", undefined],
  ["https://10.2.2.3:5000/", "10.2.2.3:5000", undefined],
  ["https://[fd00::7]/", "fd00::/8", undefined],
  ["https://[fd00::7]/", "fd00::7", undefined],
  ["https://[fd00::7]:5000/", "[fd00::7]:5000", undefined],
  ["https://a.example/", "10.0.0.0/99,/,:,,", "secure.proxy:3128"],
])("%s, NO_PROXY=%s → %s", (address, exceptions, proxy) => {
  const environment = new Map([...Object.entries(proxies), ["NO_PROXY", exceptions]]);
  expect(proxyFor(new URL(address), environment)?.host).toBe(proxy);
});

test("large letters win over small ones, empty is nothing, and a web server's visitor has no say", () => {
  const of = (variables: Readonly<Record<string, string>>, address = "http://a.example"): string | undefined =>
    proxyFor(new URL(address), new Map(Object.entries(variables)))?.host;
  expect(of({ HTTP_PROXY: "http://large", http_proxy: "http://small" })).toBe("large");
  expect(of({ HTTP_PROXY: "", http_proxy: "http://small" })).toBe("small");
  expect(of({ HTTPS_PROXY: "http://secure" })).toBeUndefined();
  expect(of({ HTTP_PROXY: "http://visitor", REQUEST_METHOD: "GET" })).toBeUndefined();
  expect(of({})).toBeUndefined();
});
