import type { PublishedFile } from "../../loader/publication.ts";

/** Something in a file that looks like a secret: what, and where; never the thing itself. */
export interface Leak {
  readonly what: string;
  /** "compose.yaml:7" */
  readonly where: string;
}

/** Shapes that hardly anything but a secret has. */
const shapes: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: "a private key", pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----/ },
  { what: "an AWS access key", pattern: /\b(?:AKIA|ASIA|AGPA|AIDA|AROA)[A-Z0-9]{16}\b/ },
  { what: "a GitHub token", pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_\w{22,})\b/ },
  { what: "a GitLab token", pattern: /\bglpat-[\w-]{20,}/ },
  { what: "a Slack token", pattern: /\bxox[abeoprs]-[\w-]{10,}/ },
  { what: "a Stripe key", pattern: /\b[rs]k_live_[A-Za-z0-9]{16,}\b/ },
  { what: "a Google API key", pattern: /\bAIza[\w-]{35}\b/ },
  { what: "an npm token", pattern: /\bnpm_[A-Za-z0-9]{36}\b/ },
  { what: "a Docker token", pattern: /\bdckr_(?:pat|oat)_[\w-]{20,}/ },
  { what: "a JSON web token", pattern: /\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/ },
  { what: "an address with a password", pattern: /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@${}]+:[^\s/@${}]{3,}@/i },
];

export function leaksIn(files: readonly PublishedFile[], shown: (path: string) => string): readonly Leak[] {
  return files.flatMap(({ source }) =>
    source.text
      .split("\n")
      .flatMap((line, index) =>
        shapes
          .filter(({ pattern }) => pattern.test(line))
          .map(({ what }) => ({ what, where: `${shown(source.path)}:${index + 1}` })),
      ),
  );
}
