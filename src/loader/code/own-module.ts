/** What `import … from "tscompose"` gives a compose file: there need not be a package of that name, nor all of it. */
export const ownModule = {
  url: "tscompose:code",
  names: ["defineCompose", "override", "reset"],
  code: `
    const tag = Symbol.for("tscompose.tag");
    export const defineCompose = (source) => source;
    export const override = (value) => Object.defineProperty(value, tag, { value: "override" });
    export const reset = () => Object.defineProperty({}, tag, { value: "reset" });
  `,
} as const;
