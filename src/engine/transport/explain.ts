import { refusals } from "./refusals.ts";

export interface Explanation {
  readonly message: string;
  readonly hint?: string;
}

/** What the engine says → what it means and what to do. Anything else is passed on in the engine's own words. */
export function explain(text: string): Explanation {
  for (const { pattern, say } of [...rules, ...refusals]) {
    const match = pattern.exec(text);
    if (match !== null) return say(text, ...match.slice(1).map((group) => group ?? ""));
  }
  return { message: text.replace(wayToTheProcess, "") };
}

/** Who passed it on to whom, before what happened. */
const wayToTheProcess =
  /^failed to create task for container: (?:failed to create shim task: )?(?:OCI runtime create failed: )?(?:runc create failed: )?(?:unable to start container process: )?(?:error during container init: )?/;

/** The address of a port that is taken: "0.0.0.0:8080". */
export function takenAddress(text: string): string | undefined {
  return takenPort.map((pattern) => pattern.exec(text)?.[1]).find((address) => address !== undefined);
}

const takenPort: readonly RegExp[] = [
  /Bind for (\S+:\d+) failed: port is already allocated/,
  /failed to bind host port for (\S+:\d+):\S+: address already in use/,
  /failed to bind host port (\S+:\d+)\/\w+: address already in use/,
  /listen \w+ (\S+:\d+): bind: address already in use/,
];

export interface Rule {
  readonly pattern: RegExp;
  readonly say: (text: string, ...groups: readonly string[]) => Explanation;
}

const rules: readonly Rule[] = [
  {
    // A step of a build, quoted: what its command says or is called is no reason.
    pattern: /^process "[^]*" did not complete successfully: |^The command '[^]*' returned a non-zero code: \d+$/,
    say: (text) => ({ message: text }),
  },
  // Our own words, about a folder that a build wants to have.
  { pattern: /^error from sender: ([^]+)/, say: (_text, reason = "") => ({ message: reason }) },
  {
    pattern:
      /unsupported frontend capability (\S+)|unknown subrequest "?([\w.]+)"?|unsupported request (frontend\.\S+)/,
    say: (_text, ...lacks) => ({
      message: `this engine's BuildKit is too old for that: it lacks ${lacks.find((each) => each !== "") ?? ""}`,
      hint: 'use a newer engine, or let the Dockerfile begin with "# syntax=docker/dockerfile:1"',
    }),
  },
  {
    pattern: /failed to calculate checksum of ref \S+: "?([^"]+)"?: not found/,
    say: (_text, path = "") => ({
      message: `there is no ${path} to be copied`,
      hint: "check the path; a .dockerignore file may leave it out",
    }),
  },
  {
    pattern: /^secret (\S+): not found$/,
    say: (_text, secret = "") => ({
      message: `the Dockerfile wants the secret "${secret}", and the build was not given it`,
      hint: 'name it under "secrets" of the build',
    }),
  },
  {
    pattern: /no SSH key "([^"]*)" forwarded from the client/,
    say: (_text, id = "") => ({
      message: `the Dockerfile wants the ssh agent "${id || "default"}", and the build was not given it`,
      hint: 'name it under "ssh" of the build, or with --ssh',
    }),
  },
  {
    pattern: /granting entitlement (\S+) is not allowed by build daemon configuration/,
    say: (_text, entitlement = "") => ({
      message: `the engine does not allow builds the entitlement ${entitlement}`,
      hint: `allow it under "builder.entitlements" in the engine's configuration, or do without it`,
    }),
  },
  {
    pattern: /unexpected status from \w+ request to https?:\/\/([^/]+)\/v2\/\S+: 401/,
    say: (_text, registry = "") => ({
      message: `${registry} does not let you pull without a login`,
      hint: `run "docker login ${registry}" first`,
    }),
  },
  ...takenPort.map((pattern): Rule => ({
    pattern,
    say: (_text, address = "") => ({
      message: `the port ${address} is already in use`,
      hint: "stop what uses it, or publish another port",
    }),
  })),
  {
    pattern: /No such image: (\S+)/,
    say: (_text, image = "") => ({
      message: `the image ${image} is not on this engine`,
      hint: "pull it, build it, or correct its name",
    }),
  },
  {
    pattern: /pull access denied for (\S+?),? /,
    say: (_text, image = "") => ({
      message: `the image ${image} does not exist in its registry, or you may not pull it`,
      hint: 'check the name; for a private image run "docker login" first',
    }),
  },
  {
    pattern: /"?https?:\/\/([^/"]+)\/v2\/\S*: no basic auth credentials/,
    say: (_text, registry = "") => ({
      message: `${registry} does not let you pull without a login`,
      hint: `run "docker login ${registry}" first`,
    }),
  },
  {
    pattern:
      /"?https?:\/\/([^/"]+)\/v2\/\S*: .*?(no such host|connection refused|i\/o timeout|deadline exceeded|network is unreachable)/,
    say: (_text, registry = "", reason = "") => ({
      message: `the engine cannot reach the registry ${registry}: ${reason}`,
      hint: "check the image's name and the network of the engine's machine",
    }),
  },
  {
    pattern: /manifest for (\S+) not found|(\S+): not found$/,
    say: (text, image = "", other = "") =>
      image === "" && !/^(docker\.io|[\w.-]+(:\d+)?)\//.test(other)
        ? { message: text }
        : { message: `the registry has no image ${image || other}`, hint: "check the tag" },
  },
  {
    pattern: /bind source path does not exist: (\S+)/,
    say: (_text, path = "") => ({
      message: `${path} does not exist on the engine's machine, and the mount forbids to create it`,
      hint: "create it, correct the path, or set create_host_path to true",
    }),
  },
  {
    pattern: /no space left on device/i,
    say: (text) => ({
      message: `the engine's disk is full: ${text}`,
      hint: 'free some space, for instance with "docker system prune", and run the command again',
    }),
  },
  {
    pattern: /container name "\/?([^"]+)" is already in use by container "?(\w+)/,
    say: (_text, name = "", id = "") => ({
      message: `the name ${name} is taken by another container (${id.slice(0, 12)})`,
      hint: "remove or rename that container, or give the service another container_name",
    }),
  },
  {
    pattern: /Pool overlaps with other one on this address space/,
    say: () => ({
      message: "the network's subnet overlaps with that of another network",
      hint: 'choose another subnet under "ipam", or remove the other network',
    }),
  },
  {
    pattern: /all predefined address pools have been fully subnetted/,
    say: () => ({
      message: "the engine has no subnet left for another network",
      hint: 'remove networks that nobody uses ("docker network prune"), or give this one a subnet under "ipam"',
    }),
  },
  {
    pattern: /exec: "([^"]+)": (?:executable file not found in \$PATH|stat \S+: no such file or directory)/,
    say: (_text, program = "") => ({
      message: `there is no program "${program}" in the image`,
      hint: 'check "command" and "entrypoint" of the service',
    }),
  },
  {
    pattern: /exec: "([^"]+)": permission denied/,
    say: (_text, program = "") => ({
      message: `"${program}" in the image is not executable`,
      hint: "make it executable in the image (chmod +x), or run it with a shell",
    }),
  },
  {
    pattern: /unknown or invalid runtime name: (\S+)/,
    say: (_text, runtime = "") => ({
      message: `the engine has no runtime "${runtime}"`,
      hint: 'install it, or remove "runtime" from the service',
    }),
  },
  {
    pattern: /could not select device driver "(.*)" with capabilities: \[\[(.*)\]\]/,
    say: (_text, driver = "", capabilities = "") => ({
      message: `the engine has no device driver ${driver === "" ? "" : `"${driver}" `}for ${capabilities}`,
      hint: "install the vendor's container toolkit on the engine's machine, or remove the device reservation",
    }),
  },
];
