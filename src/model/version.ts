/** Our own release; the same as in package.json. */
export const tscomposeVersion = "0.1.0";
