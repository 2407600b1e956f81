import { describe, expect, test } from "vitest";

import type { ObservedContainer, ObservedPort } from "../../src/model/observed.ts";
import { containerListing, containerRow } from "../../src/render/container-rows.ts";
import { formatEvent, formatEventJson } from "../../src/render/events.ts";
import { goTime } from "../../src/render/go-time.ts";
import { ellipsis, humanDuration, humanSize } from "../../src/render/human.ts";
import { imagesJson, imagesTable } from "../../src/render/image-rows.ts";
import { formatList } from "../../src/render/list-format.ts";
import { formatPorts } from "../../src/render/ports.ts";
import { processTable } from "../../src/render/process-table.ts";

process.env["TZ"] = "UTC";
const minute = 60_000;
const now = Date.UTC(2026, 10, 21, 3, 0, 0);

const web: ObservedContainer = {
  id: "55bd40d7841dbf4c695c1498cdc5bf85e439178447e9df1fd1c0e87e67e261a3",
  name: "shop-web-1",
  project: "shop",
  service: "web",
  number: 1,
  oneOff: false,
  state: "running",
  health: "healthy",
  status: "Up 5 minutes (healthy)",
  image: "nginx:1",
  imageId: "sha256:3761ceda8cf142c77300ab18040a9073fd6de87f8e95ee5272e6281a06c60c8b",
  command: "nginx -g 'daemon off;'",
  createdAt: now - 6 * minute,
  labels: new Map([
    ["team", "blue"],
    ["com.docker.compose.service", "web"],
  ]),
  ports: [
    { hostIp: "0.0.0.0", published: 8080, target: 80, protocol: "tcp" },
    { target: 443, protocol: "tcp" },
  ],
  mounts: [
    {
      type: "volume",
      name: "shop_data",
      source: "/var/lib/docker/volumes/shop_data/_data",
      destination: "/data",
      writable: true,
    },
    { type: "bind", source: "/home/me/shop/html", destination: "/html", writable: false },
  ],
  networks: new Map([["shop_default", { networkId: "1" }]]),
};

const job: ObservedContainer = {
  ...web,
  id: "f".repeat(64),
  name: "shop-job-1",
  service: "job",
  state: "exited",
  health: "none",
  exitCode: 3,
  status: "Exited (3) 2 minutes ago",
  command: "run <all> & be done",
  ports: [],
};

function list(format: string): string {
  return formatList(
    [web, job].map((each) => containerRow(each, { now, whole: false })),
    format,
    containerListing,
  );
}

describe("ps", () => {
  test("table", () => {
    expect(list("table")).toMatchInlineSnapshot(`
      "NAME         IMAGE     COMMAND                  SERVICE   CREATED         STATUS                     PORTS
      shop-web-1   nginx:1   "nginx -g 'daemon of…"   web       6 minutes ago   Up 5 minutes (healthy)     443/tcp, 0.0.0.0:8080->80/tcp
      shop-job-1   nginx:1   "run <all> & be done"    job       6 minutes ago   Exited (3) 2 minutes ago
      "
    `);
  });

  test("json: one object a line, keys and values as docker compose has them", () => {
    expect(list("json")).toMatchInlineSnapshot(`
      "{"Command":"\\"nginx -g 'daemon of…\\"","CreatedAt":"2026-11-21 02:54:00 +0000 UTC","ExitCode":0,"Health":"healthy","ID":"55bd40d7841d","Image":"nginx:1","Labels":"com.docker.compose.service=web,team=blue","LocalVolumes":"1","Mounts":"shop_data,/home/me/shop/…","Name":"shop-web-1","Names":"shop-web-1","Networks":"shop_default","Ports":"443/tcp, 0.0.0.0:8080-\\u003e80/tcp","Project":"shop","Publishers":[{"URL":"0.0.0.0","TargetPort":80,"PublishedPort":8080,"Protocol":"tcp"},{"URL":"","TargetPort":443,"PublishedPort":0,"Protocol":"tcp"}],"RunningFor":"6 minutes ago","Service":"web","Size":"0B","State":"running","Status":"Up 5 minutes (healthy)"}
      {"Command":"\\"run \\u003call\\u003e \\u0026 be done\\"","CreatedAt":"2026-11-21 02:54:00 +0000 UTC","ExitCode":3,"Health":"","ID":"ffffffffffff","Image":"nginx:1","Labels":"com.docker.compose.service=web,team=blue","LocalVolumes":"1","Mounts":"shop_data,/home/me/shop/…","Name":"shop-job-1","Names":"shop-job-1","Networks":"shop_default","Ports":"","Project":"shop","Publishers":[],"RunningFor":"6 minutes ago","Service":"job","Size":"0B","State":"exited","Status":"Exited (3) 2 minutes ago"}
      "
    `);
  });

  test.each([
    ["{{.Name}}\\t{{.State}}", "shop-web-1\trunning\nshop-job-1\texited\n"],
    ['{{.ID}} {{.Label "team"}}', "55bd40d7841d blue\nffffffffffff blue\n"],
    ["{{range .Publishers}}{{.PublishedPort}},{{end}}", "8080,0,\n\n"],
    [
      "table {{.Name}}\\t{{.Status}}",
      "NAME         STATUS\nshop-web-1   Up 5 minutes (healthy)\nshop-job-1   Exited (3) 2 minutes ago\n",
    ],
    [
      "table {{.ID}}\\t{{.RunningFor}}",
      "CONTAINER ID   CREATED\n55bd40d7841d   6 minutes ago\nffffffffffff   6 minutes ago\n",
    ],
    [
      'table {{.Service}}\\t{{.Label "team"}}\\t{{.Label "com.docker.compose.one-off"}}',
      "SERVICE   team      one off\nweb       blue\njob       blue\n",
    ],
  ])("%s", (format, expected) => {
    expect(list(format)).toBe(expected);
  });

  test("a wrong template is named with what there is", () => {
    expect(() => list("{{.Nmae}}")).toThrow("there is no field .Nmae");
  });
});

describe("columns", () => {
  test.each<[readonly ObservedPort[], string]>([
    [[], ""],
    [[{ target: 80, protocol: "tcp" }], "80/tcp"],
    [[port(80, 8080, "127.0.0.1")], "127.0.0.1:8080->80/tcp"],
    [[port(80, 80, "0.0.0.0"), port(80, 80, "::")], "0.0.0.0:80->80/tcp, [::]:80->80/tcp"],
    [[port(7002), port(7000), port(7001), port(7004)], "7000-7002/tcp, 7004/tcp"],
    [[port(81, 81, "0.0.0.0"), port(80, 80, "0.0.0.0")], "0.0.0.0:80-81->80-81/tcp"],
    [[port(53), { target: 53, protocol: "udp" }], "53/tcp, 53/udp"],
  ])("ports %j", (ports, expected) => {
    expect(formatPorts(ports)).toBe(expected);
  });

  test.each([
    [0, "Less than a second"],
    [1000, "1 second"],
    [59_000, "59 seconds"],
    [61_000, "About a minute"],
    [46 * minute, "46 minutes"],
    [60 * minute, "About an hour"],
    [47 * 60 * minute, "47 hours"],
    [13 * 24 * 60 * minute, "13 days"],
    [20 * 24 * 60 * minute, "2 weeks"],
    [90 * 24 * 60 * minute, "3 months"],
    [3 * 365 * 24 * 60 * minute, "3 years"],
  ])("%d ms", (milliseconds, expected) => {
    expect(humanDuration(milliseconds)).toBe(expected);
  });

  test.each([
    [0, "0B"],
    [999, "999B"],
    [1_984_172, "1.98MB"],
    [119_000_000, "119MB"],
    [5_432_100_000, "5.43GB"],
  ])("%d bytes", (bytes, expected) => {
    expect(humanSize(bytes)).toBe(expected);
  });

  test("cut texts, times", () => {
    expect(ellipsis("abcdef", 4)).toBe("abc…");
    expect(ellipsis("abcd", 4)).toBe("abcd");
    expect(goTime(now)).toMatch(/^2026-11-2\d \d\d:\d\d:00 [+-]\d{4} \S+$/);
  });
});

describe("other listings", () => {
  const image = {
    id: web.imageId,
    os: "linux",
    architecture: "arm64",
    variant: "v8",
    sizeBytes: 1_984_172,
    createdAt: now - 90 * 24 * 60 * minute,
    exactly: { created: "2026-08-23T03:00:00.123456789Z" },
    repoTags: ["other/name:2", "nginx:1"],
    labels: new Map<string, string>(),
    volumes: [],
    healthcheck: false,
  };

  test("images", () => {
    const uses = [
      { container: web, image },
      { container: { ...job, image: "gone" }, image: undefined },
    ];
    expect(imagesTable(uses, now)).toMatchInlineSnapshot(`
      "CONTAINER           REPOSITORY          TAG                 PLATFORM            IMAGE ID            SIZE                CREATED
      shop-web-1          nginx               1                   linux/arm64/v8      3761ceda8cf1        1.98MB              3 months ago
      shop-job-1          <none>              <none>                                  3761ceda8cf1        0B                  N/A
      "
    `);
    expect(imagesJson([{ container: web, image }])).toMatchInlineSnapshot(`
      "[{"ID":"sha256:3761ceda8cf142c77300ab18040a9073fd6de87f8e95ee5272e6281a06c60c8b","ContainerName":"shop-web-1","Repository":"nginx","Tag":"1","Platform":"linux/arm64/v8","Size":1984172,"Created":"2026-08-23T03:00:00.123456789Z"}]

      "
    `);
    expect(imagesJson([])).toBe("null\n\n");
  });

  test("processes", () => {
    const titles = ["UID", "PID", "CMD"];
    const found = [
      {
        container: web,
        titles,
        processes: [
          ["root", "1", "nginx -g daemon off;"],
          ["www", "22", "nginx: worker"],
        ],
      },
      { container: { ...web, number: 12 }, titles, processes: [["root", "333", "nginx"]] },
    ];
    expect(processTable(found)).toMatchInlineSnapshot(`
      "SERVICE  #   UID   PID  CMD
      web      1   root  1    nginx -g daemon off;
      web      1   www   22   nginx: worker
      web      12  root  333  nginx
      "
    `);
    expect(processTable([])).toBe("");
  });

  test("events", () => {
    const event = {
      action: "die",
      id: "abc",
      service: "web",
      timeNano: 1_795_229_527_880_895_598n,
      attributes: new Map([
        ["exitCode", "137"],
        ["image", "nginx"],
      ]),
    };
    expect(formatEventJson(event)).toMatchInlineSnapshot(`
      "{"action":"die","attributes":{"exitCode":"137","image":"nginx"},"id":"abc","service":"web","time":"2026-11-21T02:52:07.880895598Z","type":"container"}
      "
    `);
    expect(formatEvent(event)).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:07\.880895 container die abc \(exitCode=137, image=nginx\)\n$/,
    );
  });
});

function port(target: number, published?: number, hostIp?: string): ObservedPort {
  return {
    target,
    protocol: "tcp",
    ...(published !== undefined && { published }),
    ...(hostIp !== undefined && { hostIp }),
  };
}
