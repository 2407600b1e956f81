import { expect, test } from "vitest";

import { explain, takenAddress } from "../../src/engine/transport/explain.ts";

/** Sentences of real engines, and what a person reads instead. */
test.each([
  "No such image: nope:1",
  "pull access denied for nope, repository does not exist or may require 'docker login': denied",
  "manifest for 127.0.0.1:5000/a:9 not found: manifest unknown: manifest unknown",
  'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io on 192.0.2.53:53: no such host',
  'Head "http://127.0.0.1:5000/v2/a/manifests/1": no basic auth credentials',
  'invalid mount config for type "bind": bind source path does not exist: /nope/x',
  "failed to copy: write /var/lib/docker/tmp/x: no space left on device",
  'Conflict. The container name "/web" is already in use by container "595da6bee0a6c8053f70f549adfa73a4". You have to remove (or rename) that container to be able to reuse that name.',
  "invalid pool request: Pool overlaps with other one on this address space",
  "all predefined address pools have been fully subnetted",
  'failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "nope": executable file not found in $PATH',
  'OCI runtime create failed: unable to start container process: exec: "/x": stat /x: no such file or directory',
  'OCI runtime create failed: unable to start container process: exec: "/etc/passwd": permission denied',
  "unknown or invalid runtime name: kata",
  'could not select device driver "" with capabilities: [[gpu]]',
  'failed to compute cache key: failed to calculate checksum of ref a::b: "/nope": not found',
  "secret token: not found",
  'no SSH key "" forwarded from the client',
  "granting entitlement security.insecure is not allowed by build daemon configuration",
  "127.0.0.1:5000/a:1: failed to resolve source metadata for 127.0.0.1:5000/a:1: unexpected status from HEAD request to http://127.0.0.1:5000/v2/a/manifests/1: 401 Unauthorized",
  "unsupported frontend capability moby.buildkit.frontend.contexts",
  "unable to find user nosuchuser: no matching entries in passwd file",
  "unable to find group nogrp: no matching entries in group file",
  'invalid CapAdd: unknown capability: "CAP_NOSUCH"',
  'create demo_v: error looking up volume plugin nosuch: plugin "nosuch" not found',
  'error looking up logging plugin nosuch: plugin "nosuch" not found',
  "Minimum memory limit allowed is 6MB",
  "failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: container init was OOM-killed (memory limit too low?)",
  "range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available",
  "failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: open /proc/sys/net/nosuch: no such file or directory",
  'failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: sysctl "kernel.hostname" is not allowed as it conflicts with the OCI "hostname" field',
  "invalid config for network demo_n: invalid endpoint settings:\nno configured subnet or ip-range contain the IP address 10.77.9.1",
  "Invalid address 10.77.9.1: It does not belong to any of this network's subnets",
  "invalid config for network demo_n: invalid endpoint settings:\nuser specified IP address is supported only when connecting to networks with user configured subnets",
  'error gathering device information while adding custom device "/dev/nosuch": no such file or directory',
  "Cannot mkdir: /etc/passwd is not a directory",
  'failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error mounting "/srv/a" to rootfs at "/etc/passwd": mount /srv/a:/etc/passwd (via /proc/self/fd/6), flags: 0x5000: not a directory: Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type',
  "failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: error setting rlimits for ready process: error setting rlimit type 7: operation not permitted",
  "joining network namespace of container: No such container: nosuch",
  "failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: something new",
  "something that nobody has thought of",
])("%s", (text) => expect(explain(text)).toMatchSnapshot());

test.each([
  `process "/bin/sh -c echo no space left on device: No such image: x && false" did not complete successfully: exit code: 1`,
  "The command '/bin/sh -c echo pull access denied for x, sorry' returned a non-zero code: 1",
])("what a step of a build is called is no reason: %s", (text) => expect(explain(text)).toEqual({ message: text }));

test.each([
  [
    "driver failed programming external connectivity on endpoint a (1): Bind for 0.0.0.0:80 failed: port is already allocated",
    "0.0.0.0:80",
  ],
  ["failed to bind host port for 0.0.0.0:5000:172.17.0.2:80/tcp: address already in use", "0.0.0.0:5000"],
  ["failed to bind host port 0.0.0.0:5000/tcp: address already in use", "0.0.0.0:5000"],
  ["Error starting userland proxy: listen tcp4 127.0.0.1:53: bind: address already in use", "127.0.0.1:53"],
  ["Error starting userland proxy: listen tcp6 [::]:53: bind: address already in use", "[::]:53"],
  ["No such image: x", undefined],
])("the taken address in: %s", (text, address) => expect(takenAddress(text)).toBe(address));
