/** A block of code in a document. */
export interface CodeBlock {
  readonly language: string;
  /** Named in its first line; absent: a program. */
  readonly file: string | undefined;
  readonly text: string;
}

export interface Section {
  readonly title: string;
  readonly blocks: readonly CodeBlock[];
}

/** The sections of a document that have code in them. */
export function readSections(document: string): readonly Section[] {
  const [, ...parts] = document.split(/^#{2,3} /m);
  return parts
    .map((part) => ({
      title: part.slice(0, part.indexOf("\n")),
      blocks: [...part.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, language = "", text = ""]): CodeBlock => {
        const [, file] = /^(?:\/\/|#) ([\w.-]+\.\w+)\n/.exec(text) ?? [];
        return { language, file, text };
      }),
    }))
    .filter(({ blocks }) => blocks.length > 0);
}
