/** Whether a variable's value switches something on: the words that docker compose understands. */
export function isOn(value: string | undefined): boolean {
  return value !== undefined && ["1", "t", "true", "y"].includes(value.trim().toLowerCase());
}
