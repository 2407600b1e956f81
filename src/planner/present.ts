/** Steps that there are: many a thing needs none. */
export function present(...steps: readonly (number | undefined)[]): readonly number[] {
  return steps.filter((step) => step !== undefined);
}
