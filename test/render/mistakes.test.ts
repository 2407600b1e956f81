import { expect, test } from "vitest";

import { mistakesIn } from "../loader/load-text.ts";

// What a person sees for mistakes that people make. Read these when you change a message: is it what you would want to read?

test("a misspelt key", async () => {
  const files = `services:
  web:
    image: x
    enviroment: {A: 1}
`;
  expect(await mistakesIn(files)).toMatchInlineSnapshot(`
    "
    error: unknown key "enviroment" in services.web
      compose.yaml:4:5  services.web
        3 │     image: x
        4 │     enviroment: {A: 1}
          │     ^^^^^^^^^^
      hint: did you mean "environment"?
    "
  `);
});

test("a misspelt section", async () => {
  const files = `sevices:
  web: {image: x}
`;
  expect(await mistakesIn(files)).toMatchInlineSnapshot(`
    "
    error: unknown key "sevices" at the top level
      compose.yaml:1:1
        1 │ sevices:
          │ ^^^^^^^
      hint: did you mean "services"?
    "
  `);
});

test("a network that nobody declares", async () => {
  const files = `services:
  web:
    image: x
    networks:
      - back-end
networks:
  backend:
`;
  expect(await mistakesIn(files)).toMatchInlineSnapshot(`
    "
    error: service "web" uses network "back-end", which is not declared
      compose.yaml:5:9  services.web.networks.back-end
        4 │     networks:
        5 │       - back-end
          │         ^^^^^^^^
      hint: did you mean "backend"?
    "
  `);
});

test("a volume that nobody declares, far from any other name", async () => {
  const files = `services:
  web:
    image: x
    volumes:
      - type: volume
        source: cache
        target: /c
volumes: {data: , logs: }
`;
  expect(await mistakesIn(files)).toMatchInlineSnapshot(`
    "
    error: service "web" uses volume "cache", which is not declared
      compose.yaml:6:17  services.web.volumes[0].source
        5 │       - type: volume
        6 │         source: cache
          │                 ^^^^^
      hint: add "cache" under the top-level "volumes", or use one of: data, logs
    "
  `);
});

test("a path where a volume's name belongs", async () => {
  const files = `services:
  web:
    image: x
    volumes:
      - type: volume
        source: ./data
        target: /d
`;
  expect(await mistakesIn(files)).toMatchInlineSnapshot(`
    "
    error: service "web" mounts "./data" as a volume, but it is the path of a folder
      compose.yaml:6:17  services.web.volumes[0].source
        5 │       - type: volume
        6 │         source: ./data
          │                 ^^^^^^
      hint: for a folder of this machine write "type: bind"
    "
  `);
});

test("a dependency that a profile switches off", async () => {
  const files = `services:
  web:
    image: x
    depends_on: [db]
  db:
    image: x
    profiles: [dev, test]
`;
  expect(await mistakesIn(files)).toMatchInlineSnapshot(`
    "
    error: service "web" depends on "db", which only profile "dev" or "test" enables
      compose.yaml:4:18  services.web.depends_on.db
        3 │     image: x
        4 │     depends_on: [db]
          │                  ^^
      hint: add --profile dev, or give both services the same profiles, or set "required: false" for the dependency
    "
  `);
});

test("a circle through several kinds of edges", async () => {
  const files = `services:
  web: {image: x, depends_on: {db: {condition: service_healthy}}}
  db: {image: x, volumes_from: [seed]}
  seed: {image: x, links: ["web:www"]}
`;
  expect(await mistakesIn(files)).toMatchInlineSnapshot(`
    "
    error: services depend on each other in a circle: web → db → seed → web
      compose.yaml:2:32  services.web.depends_on.db
        1 │ services:
        2 │   web: {image: x, depends_on: {db: {condition: service_healthy}}}
          │                                ^^
      note: "db" takes the volumes of "seed" here
      compose.yaml:3:33
        3 │   db: {image: x, volumes_from: [seed]}
          │                                 ^^^^
      note: "seed" is linked to "web" here
      compose.yaml:4:28
        4 │   seed: {image: x, links: ["web:www"]}
          │                            ^^^^^^^^^
      hint: none of them could start first: remove one of the dependencies
    "
  `);
});

test("a size with a wrong unit, and a duration without one", async () => {
  const files = `services:
  web:
    image: x
    mem_limit: 512mo
    stop_grace_period: "30"
`;
  expect(await mistakesIn(files)).toMatchInlineSnapshot(`
    "
    error: size "512mo" has an unknown unit "mo"
      compose.yaml:4:19  services.web.mem_limit
        3 │     image: x
        4 │     mem_limit: 512mo
          │                   ^^
      hint: write a whole number of bytes, or a number with b, k, m, g, t or p: "512m"

    error: duration "30" has a number without a unit
      compose.yaml:5:25  services.web.stop_grace_period
        4 │     mem_limit: 512mo
        5 │     stop_grace_period: "30"
          │                         ^^
      hint: a duration looks like "1m30s", with the units ns, us, ms, s, m, h, d and w; did you mean "30s"?

    2 errors
    "
  `);
});

test("a port that is no port", async () => {
  const files = `services:
  web:
    image: x
    ports:
      - 8080:http
      - "80:70000"
`;
  expect(await mistakesIn(files)).toMatchInlineSnapshot(`
    "
    error: port "8080:http" has an invalid port "http"
      compose.yaml:5:14  services.web.ports[0]
        4 │     ports:
        5 │       - 8080:http
          │              ^^^^
      hint: write it as [[HOST_IP:]PUBLISHED:]TARGET[/PROTOCOL]

    error: port "80:70000" has a port above 65535
      compose.yaml:6:13  services.web.ports[1]
        5 │       - 8080:http
        6 │       - "80:70000"
          │             ^^^^^
      hint: ports go from 1 to 65535

    2 errors
    "
  `);
});

test("a command with an open quote", async () => {
  const files = `services:
  web:
    image: x
    command: sh -c "echo it's
`;
  expect(await mistakesIn(files)).toMatchInlineSnapshot(`
    "
    error: the command has an opening " without a closing one
      compose.yaml:4:20  services.web.command
        3 │     image: x
        4 │     command: sh -c "echo it's
          │                    ^
      hint: close the quote, or write the command as a list
    "
  `);
});

test("a health check that starts with the command", async () => {
  const files = `services:
  web:
    image: x
    healthcheck:
      test: ["curl", "-f", "http://localhost"]
`;
  expect(await mistakesIn(files)).toMatchInlineSnapshot(`
    "
    error: the health check of service "web" starts with "curl"
      compose.yaml:5:14  services.web.healthcheck.test[0]
        4 │     healthcheck:
        5 │       test: ["curl", "-f", "http://localhost"]
          │              ^^^^^^
      hint: a list starts with "CMD", "CMD-SHELL" or "NONE": ["CMD", "curl", …]
    "
  `);
});

test("two limits that differ", async () => {
  const files = `services:
  web:
    image: x
    mem_limit: 1g
    deploy:
      resources:
        limits:
          memory: 512m
`;
  expect(await mistakesIn(files)).toMatchInlineSnapshot(`
    "
    error: service "web" has "mem_limit" 1g, but "deploy.resources.limits.memory" is 512m
      compose.yaml:4:5  services.web.mem_limit
        3 │     image: x
        4 │     mem_limit: 1g
          │     ^^^^^^^^^
      note: "deploy.resources.limits.memory" is set here
      compose.yaml:8:11
        8 │           memory: 512m
          │           ^^^^^^
      hint: give both the same value, or remove one
    "
  `);
});

test("a name for one container, and three wanted", async () => {
  const files = `services:
  web:
    image: x
    container_name: web
    deploy: {replicas: 3}
`;
  expect(await mistakesIn(files)).toMatchInlineSnapshot(`
    "
    error: service "web" wants 3 containers, but has a name for one only
      compose.yaml:4:5  services.web.container_name
        3 │     image: x
        4 │     container_name: web
          │     ^^^^^^^^^^^^^^
      note: how many it wants is set here
      compose.yaml:5:14
        5 │     deploy: {replicas: 3}
          │              ^^^^^^^^
      hint: remove "container_name": the containers are then called web-1, web-2 …
    "
  `);
});

test("one container name for two services", async () => {
  const files = `services:
  web: {image: x, container_name: app}
  api: {image: x, container_name: app}
`;
  expect(await mistakesIn(files)).toMatchInlineSnapshot(`
    "
    error: services "web" and "api" both want the container name "app"
      compose.yaml:3:35  services.api.container_name
        2 │   web: {image: x, container_name: app}
        3 │   api: {image: x, container_name: app}
          │                                   ^^^
      note: "web" has it here
      compose.yaml:2:35
        2 │   web: {image: x, container_name: app}
          │                                   ^^^
      hint: give one of them another name, or leave the name out
    "
  `);
});

test("a mode and networks", async () => {
  const files = `services:
  web:
    image: x
    network_mode: host
    networks: [default]
`;
  expect(await mistakesIn(files)).toMatchInlineSnapshot(`
    "
    error: service "web" has both "network_mode" and "networks"
      compose.yaml:5:5  services.web.networks
        4 │     network_mode: host
        5 │     networks: [default]
          │     ^^^^^^^^
      note: the mode is set here
      compose.yaml:4:5
        4 │     network_mode: host
          │     ^^^^^^^^^^^^
      hint: a container with a network mode of its own joins no networks: remove one of the two
    "
  `);
});

test("two things in the same place", async () => {
  const files = `services:
  web:
    image: x
    tmpfs: /run
    volumes:
      - ./run:/run
`;
  expect(await mistakesIn(files)).toMatchInlineSnapshot(`
    "
    error: service "web" mounts two things at "/run"
      compose.yaml:6:9  services.web.volumes[0]
        5 │     volumes:
        6 │       - ./run:/run
          │         ^^^^^^^^^^
      note: the first is here
      compose.yaml:4:12
        4 │     tmpfs: /run
          │            ^^^^
      hint: remove one of them
    "
  `);
});

test("a required variable, and one that is not closed", async () => {
  const files = `services:
  web:
    image: \${IMAGE:?name the image}
    hostname: \${HOST
`;
  expect(await mistakesIn(files)).toMatchInlineSnapshot(`
    "
    error: required variable "IMAGE" is missing a value: name the image
      compose.yaml:3:12  services.web.image
        2 │   web:
        3 │     image: \${IMAGE:?name the image}
          │            ^^^^^^^^^^^^^^^^^^^^^^^^
      hint: set IMAGE in the environment or in .env

    error: "\${HOST" has no closing brace
      compose.yaml:4:15  services.web.hostname
        3 │     image: \${IMAGE:?name the image}
        4 │     hostname: \${HOST
          │               ^^^^^^
      hint: close it with "}"; to write a literal "$", double it: "$$"

    2 errors
    "
  `);
});

test("a config with two sources", async () => {
  const files = `services: {web: {image: x, configs: [app]}}
configs:
  app:
    file: ./app.conf
    content: |
      a = 1
`;
  expect(await mistakesIn(files)).toMatchInlineSnapshot(`
    "
    error: config "app" has both "file" and "content"
      compose.yaml:5:5  configs.app.content
        4 │     file: ./app.conf
        5 │     content: |
          │     ^^^^^^^
      note: "file" is here
      compose.yaml:4:5
        4 │     file: ./app.conf
          │     ^^^^
      hint: keep one of them
    "
  `);
});

test("a key that is there twice", async () => {
  const files = `services:
  web:
    image: x
    ports: ["80:80"]
    image: y
`;
  expect(await mistakesIn(files)).toMatchInlineSnapshot(`
    "
    error: the key "image" is already defined in this mapping
      compose.yaml:5:5
        4 │     ports: ["80:80"]
        5 │     image: y
          │     ^^^^^
      note: first defined here
      compose.yaml:3:5
        3 │     image: x
          │     ^^^^^
      hint: remove one, or put both values under one key
    "
  `);
});

test("a service that is in the other file", async () => {
  const files = {
    "compose.yaml": `services:
  web:
    extends: {file: base.yaml, service: bse}
    networks: [front]
`,
    "base.yaml": `services:
  base:
    image: x
    networks: [back]
`,
  };
  expect(await mistakesIn(files)).toMatchInlineSnapshot(`
    "
    error: service "web" extends "bse", but /demo/base.yaml has no such service
      compose.yaml:3:41  services.web.extends
        2 │   web:
        3 │     extends: {file: base.yaml, service: bse}
          │                                         ^^^
      hint: did you mean "base"?

    error: service "web" uses network "front", which is not declared
      compose.yaml:4:16  services.web.networks.front
        3 │     extends: {file: base.yaml, service: bse}
        4 │     networks: [front]
          │                ^^^^^
      hint: add "front" under the top-level "networks"

    2 errors
    "
  `);
});

test("an override that does not fit", async () => {
  const files = {
    "compose.yaml": `services:
  web:
    image: x
    ports:
      - 80:80
`,
    "compose.override.yaml": `services:
  web:
    ports:
      http: 80:80
    depends_on: [dbb]
`,
  };
  expect(await mistakesIn(files)).toMatchInlineSnapshot(`
    "
    error: cannot override services.web.ports: a mapping cannot be merged into a list
      compose.override.yaml:4:7  services.web.ports
        3 │     ports:
        4 │       http: 80:80
          │       ^^^^^^^^^^^
      note: the list is here
      compose.yaml:5:7
        5 │       - 80:80
          │       ^^^^^^^
      hint: write both in the same form, or replace the earlier value with !override

    error: service "web" depends on "dbb", which is not a service of this project
      compose.override.yaml:5:18  services.web.depends_on.dbb
        4 │       http: 80:80
        5 │     depends_on: [dbb]
          │                  ^^^
      hint: the services are: web

    2 errors
    "
  `);
});

test("a blank before the equals sign", async () => {
  const files = `services:
  web:
    image: x
    environment:
      - DEBUG =1
`;
  expect(await mistakesIn(files)).toMatchInlineSnapshot(`
    "
    error: variable "DEBUG" is followed by a blank
      compose.yaml:5:14  services.web.environment[0]
        4 │     environment:
        5 │       - DEBUG =1
          │              ^
      hint: remove the blank before the =
    "
  `);
});

test("services that are a list", async () => {
  const files = `services:
  - web:
      image: x
`;
  expect(await mistakesIn(files)).toMatchInlineSnapshot(`
    "
    error: services must be a mapping, not a list
      compose.yaml:1:1  services
        1 │ services:
          │ ^^^^^^^^
      hint: make it a mapping by removing each "-"
    "
  `);
});

test("a tab", async () => {
  const files = "services:\n\tweb:\n\t\timage: x\n";
  expect(await mistakesIn(files)).toMatchInlineSnapshot(`
    "
    error: this is not YAML: a tab may not indent a line
      compose.yaml:2:1
        1 │ services:
        2 │     web:
          │ ^^^^
      hint: indent with blanks
    "
  `);
});
