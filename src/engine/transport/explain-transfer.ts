import { explain, type Explanation } from "./explain.ts";

/** What was tried with a registry, for the words of its failure. */
export interface Attempt {
  readonly verb: "pull" | "push";
  readonly image: string;
  /** As `docker login` wants it: "registry.example.com:5000"; "" for Docker Hub. */
  readonly registry: string;
  /** Whether credentials were sent along. */
  readonly loggedIn: boolean;
}

export interface TransferExplanation extends Explanation {
  /** A fault of the way there: the same may work in a moment. */
  readonly transient?: boolean;
}

/**
 * Why an image could not be pulled or pushed. That it is not there, that one may not, and that nobody answers are three
 * things that want three remedies; engines put them into many words, and some into the same.
 */
export function explainTransfer(text: string, attempt: Attempt): TransferExplanation {
  const reason = withoutNames(text, attempt);
  for (const rule of rules) {
    const match = rule.pattern.exec(reason);
    if (match !== null) return rule.say(attempt, match[1] ?? match[0]);
  }
  return explain(text);
}

/** A port 40167, or an image called "denied", is no reason. */
function withoutNames(text: string, { image, registry }: Attempt): string {
  const repository = image.replace(/@.*$/, "").replace(/:[^:/]*$/, "");
  const names = [image, repository, registry].filter((name) => name !== "");
  const alternatives = names.map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join("|");
  const name = new RegExp(String.raw`(?<![\w.-])(?:${alternatives})(?![\w-]|[./]\w)`, "g");
  return text.replaceAll(/https?:\/\/[^\s"]*[^\s":]/g, "URL").replaceAll(name, "NAME");
}

interface Rule {
  readonly pattern: RegExp;
  /** `found` is the pattern's group, or all that it matched. */
  readonly say: (attempt: Attempt, found: string) => TransferExplanation;
}

const rules: readonly Rule[] = [
  { pattern: /tag does not exist: (\S+)|image does not exist locally with the tag: (\S+)/, say: nothingToPush },
  { pattern: /no matching manifest for (\S+)/, say: otherPlatform },
  { pattern: /toomanyrequests|429 Too Many Requests/i, say: tooOften },
  { pattern: /server gave HTTP response to HTTPS client/, say: plainHttp },
  { pattern: /x509: (.+)/, say: untrusted },
  { pattern: /(no such host|network is unreachable|no route to host)/, say: unreachable },
  {
    pattern:
      /(connection refused|connection reset by peer|broken pipe|i\/o timeout|deadline exceeded|TLS handshake timeout|server misbehaving|[Tt]emporary failure in name resolution|Client\.Timeout exceeded|unexpected EOF|: EOF$)/,
    say: (attempt, reason) => ({ ...unreachable(attempt, reason.replace(/^: EOF/, "it hangs up")), transient: true }),
  },
  { pattern: /(?:unexpected|received) (?:HTTP )?status(?: code)?:? (5\d\d[\w ]*)/i, say: broken },
  { pattern: /no basic auth credentials/, say: loginNeeded },
  { pattern: /unauthorized|authentication required|(?:status(?: code)?|:) 401\b/i, say: refused },
  { pattern: /denied|insufficient_scope|403 Forbidden/i, say: denied },
  { pattern: /manifest unknown|name unknown|manifest for \S+ not found|: not found$|404 Not Found/i, say: absent },
];

function nothingToPush({ image }: Attempt): TransferExplanation {
  return { message: `this engine has no image ${image} to push`, hint: 'build it first ("tscompose build")' };
}

function otherPlatform({ image }: Attempt, platform: string): TransferExplanation {
  return {
    message: `the registry has ${image}, but not for ${platform}`,
    hint: 'give the service another "platform", or build the image for this one',
  };
}

function tooOften(attempt: Attempt): TransferExplanation {
  return {
    message: `${host(attempt)} lets nobody ${attempt.verb} that often`,
    hint: attempt.loggedIn ? "wait a while" : `wait a while, or log in, which allows more: "${login(attempt)}"`,
  };
}

function plainHttp(attempt: Attempt): TransferExplanation {
  return {
    message: `${host(attempt)} speaks plain HTTP, which the engine refuses`,
    hint: 'give the registry a certificate, or add it to "insecure-registries" of the engine\'s daemon.json',
  };
}

function untrusted(attempt: Attempt, reason: string): TransferExplanation {
  return {
    message: `the engine does not trust the certificate of ${host(attempt)}: ${reason}`,
    hint: `put the authority's certificate into /etc/docker/certs.d/${host(attempt)}/ca.crt on the engine's machine`,
  };
}

function unreachable(attempt: Attempt, reason: string): TransferExplanation {
  return {
    message: `the engine cannot reach the registry ${host(attempt)}: ${reason}`,
    hint: "check the image's name, and the network of the engine's machine",
  };
}

function broken(attempt: Attempt, status: string): TransferExplanation {
  return {
    message: `the registry ${host(attempt)} is out of order: ${status.trim()}`,
    hint: "try again later; it is not the image",
    transient: true,
  };
}

function loginNeeded(attempt: Attempt): TransferExplanation {
  return {
    message: `${host(attempt)} does not let you ${attempt.verb} without a login`,
    hint: `run "${login(attempt)}" first`,
  };
}

function refused(attempt: Attempt): TransferExplanation {
  if (!attempt.loggedIn) return loginNeeded(attempt);
  return {
    message: `${host(attempt)} does not accept the login that is stored for it`,
    hint: `log in again: "${login(attempt)}"`,
  };
}

/** A registry that keeps secrets says the same of what is not there and of what one may not see. */
function denied(attempt: Attempt): TransferExplanation {
  const { verb, image, loggedIn } = attempt;
  if (verb === "push" && !loggedIn) return loginNeeded(attempt);
  if (verb === "push")
    return {
      message: `your login at ${host(attempt)} may not push ${image}`,
      hint: "check the name, or ask its owner for the right to push there",
    };
  return {
    message: `the image ${image} does not exist in its registry, or you may not pull it`,
    hint: loggedIn
      ? "check the name, and whether your login may see it"
      : `check the name; for a private image run "${login(attempt)}" first`,
  };
}

function absent({ image }: Attempt): TransferExplanation {
  const hint = image.includes("@") ? "check the digest; what it names may have been deleted" : "check the tag";
  return { message: `the registry has no image ${image}`, hint };
}

function host({ registry }: Attempt): string {
  return registry === "" ? "Docker Hub" : registry;
}

function login({ registry }: Attempt): string {
  return `docker login ${registry}`.trimEnd();
}
