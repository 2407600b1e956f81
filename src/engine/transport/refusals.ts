import type { Rule } from "./explain.ts";

/** What a service may ask of its container, and the engine or the kernel refuses. */
export const refusals: readonly Rule[] = [
  {
    pattern: /unable to find (user|group) (\S+): no matching entries/,
    say: (_text, kind = "", name = "") => ({
      message: `there is no ${kind} "${name}" in the image`,
      hint: `check "user" of the service; numbers like "1000:1000" need no entry in the image`,
    }),
  },
  {
    pattern: /invalid Cap(Add|Drop): unknown capability: "?CAP_(\w+)"?/,
    say: (_text, list = "", capability = "") => ({
      message: `the engine knows no capability "${capability}"`,
      hint: `check "cap_${list.toLowerCase()}" of the service`,
    }),
  },
  {
    pattern: /error looking up (\w+) plugin (\S+): plugin "[^"]*" not found/,
    say: (_text, kind = "", plugin = "") => ({
      message: `the engine has no ${kind} driver "${plugin}"`,
      hint: `check the name of the driver, or install the plugin: docker plugin install ${plugin}`,
    }),
  },
  {
    pattern: /Minimum memory limit allowed is (\w+)/,
    say: (_text, least = "") => ({
      message: `the engine allows no memory limit below ${least}`,
      hint: 'raise "mem_limit" (or "deploy.resources.limits.memory") of the service',
    }),
  },
  {
    pattern: /container init was OOM-killed/,
    say: () => ({
      message: "its memory limit is too low even to start it",
      hint: 'raise "mem_limit" (or "deploy.resources.limits.memory") of the service',
    }),
  },
  {
    pattern: /range of CPUs is from \S+ to (\S+), as there are only (\d+) CPUs/,
    say: (_text, most = "", count = "") => ({
      message: `the engine's machine has only ${count} CPUs`,
      hint: `let "cpus" (or "deploy.resources.limits.cpus") of the service be ${most} at most`,
    }),
  },
  {
    pattern: /open \/proc\/sys\/(\S+): no such file or directory/,
    say: (_text, path = "") => ({
      message: `the kernel of the engine's machine has no sysctl ${path.replaceAll("/", ".")}`,
      hint: 'check "sysctls" of the service, or load the kernel module that it belongs to',
    }),
  },
  {
    pattern: /sysctl "([^"]+)" (?:is )?not (?:allowed|in a separate)/,
    say: (_text, name = "") => ({
      message: `the sysctl ${name} cannot be set for this container`,
      hint: 'remove it from "sysctls" of the service, or set it on the engine\'s machine',
    }),
  },
  {
    pattern: /no configured subnet or ip-range contain the IP address (\S+)|Invalid address (\S+): It does not belong/,
    say: (_text, ...addresses) => ({
      message: `the address ${addresses.find((each) => each !== "") ?? ""} is in none of the network's subnets`,
      hint: 'check the service\'s "ipv4_address" or "ipv6_address" against "ipam" of the network',
    }),
  },
  {
    pattern: /user specified IP address is supported only when connecting to networks with user configured subnets/,
    say: () => ({
      message: "a fixed address needs a network whose subnet is fixed, too",
      hint: 'give the network a subnet under "ipam"',
    }),
  },
  {
    pattern: /error gathering device information while adding custom device "([^"]+)": no such file/,
    say: (_text, device = "") => ({
      message: `there is no device ${device} on the engine's machine`,
      hint: 'check "devices" of the service',
    }),
  },
  {
    pattern: /Cannot mkdir: (.+) is not a directory/,
    say: (_text, path = "") => ({
      message: `the working directory ${path} is a file in the image`,
      hint: 'check "working_dir" of the service',
    }),
  },
  {
    pattern: /error mounting "([^"]+)" to rootfs at "([^"]+)".*not a directory/,
    say: (_text, source = "", target = "") => ({
      message: `${source} cannot be mounted at ${target}: one is a folder, and the other a file`,
      hint: "check both; where a source was missing, an engine may have made a folder in its place",
    }),
  },
  {
    pattern: /error setting rlimit type \d+: operation not permitted/,
    say: () => ({
      message: "the engine may not raise a limit that far",
      hint: 'lower "ulimits" of the service',
    }),
  },
  {
    pattern: /joining (\w+) namespace of container: No such container: (\S+)/,
    say: (_text, namespace = "", name = "") => ({
      message: `there is no container ${name} to share a ${namespace} namespace with`,
      hint: "start that container first, or correct its name",
    }),
  },
];
