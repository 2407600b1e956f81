import { parsed, unparsed, type Parsed, type Unparsed } from "./parsed.ts";

export interface ImageReference {
  /** "docker.io" unless the name starts with a registry. */
  readonly domain: string;
  /** Without the domain; images of docker.io without an owner belong to "library/". */
  readonly path: string;
  readonly tag?: string;
  /** "sha256:…" */
  readonly digest?: string;
  /** The name as people write it: without "docker.io/" and "library/", without tag and digest. */
  readonly familiarName: string;
}

/** "registry:5000/team/web:1.2@sha256:…" */
export function parseImageReference(text: string): Parsed<ImageReference> {
  const [beforeDigest = "", digest, ...rest] = text.split("@");
  if (rest.length > 0 || (digest !== undefined && !isDigest(digest)))
    return invalid(text, "a digest is written as NAME@sha256:… with 64 hexadecimal digits", beforeDigest.length);
  const colon = beforeDigest.indexOf(":", beforeDigest.lastIndexOf("/") + 1);
  const name = colon === -1 ? beforeDigest : beforeDigest.slice(0, colon);
  const tag = colon === -1 ? undefined : beforeDigest.slice(colon + 1);
  if (tag !== undefined && !/^\w[\w.-]{0,127}$/.test(tag))
    return invalid(text, 'a tag has letters, digits, "_", "." and "-", at most 128 of them', colon);
  const { domain, path } = splitDomain(name);
  if (path === "" || !isPath(path)) return invalid(text, pathHint(path), 0);
  const official = domain === "docker.io" && path.startsWith("library/") ? path.slice("library/".length) : path;
  return parsed({
    domain,
    path,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && { digest }),
    familiarName: domain === "docker.io" ? official : `${domain}/${path}`,
  });
}

/** As the engine lists it: "busybox:latest", "registry:5000/web:1", or with a digest and no tag "busybox@sha256:…". */
export function formatFamiliar(reference: ImageReference): string {
  const { familiarName, tag, digest } = reference;
  if (digest === undefined) return `${familiarName}:${tag ?? "latest"}`;
  return `${familiarName}${tag === undefined ? "" : `:${tag}`}@${digest}`;
}

/** A first part with a "." or ":" in it, or "localhost", is a registry; so are capitals, which no path may have. */
function splitDomain(name: string): { readonly domain: string; readonly path: string } {
  const slash = name.indexOf("/");
  const first = slash === -1 ? "" : name.slice(0, slash);
  const isDomain = /[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase();
  const domain = isDomain ? first.replace(/^index\.docker\.io$/, "docker.io") : "docker.io";
  const path = isDomain ? name.slice(slash + 1) : name;
  return { domain, path: domain === "docker.io" && path !== "" && !path.includes("/") ? `library/${path}` : path };
}

function isPath(path: string): boolean {
  return path.length <= 255 && path.split("/").every((part) => /^[a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*$/.test(part));
}

function isDigest(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9]*([-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/.test(text);
}

function pathHint(path: string): string {
  return path === path.toLowerCase()
    ? 'a name has lower-case letters and digits, separated by ".", "_", "-" or "/"'
    : "the name of an image is written in lower case";
}

function invalid(text: string, hint: string, offset: number): Unparsed {
  if (/^https?:\/\//.test(text))
    return unparsed(`"${text}" is an address, not the name of an image`, { hint: "leave out https://" });
  return unparsed(`"${text}" is not the name of an image`, { hint, offset, length: text.length - offset });
}
