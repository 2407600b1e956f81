export type Paint = (text: string) => string;

/** Escape codes by meaning; each function gives its text back unchanged where colours are off. */
export interface Palette {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly green: Paint;
  readonly yellow: Paint;
  readonly blue: Paint;
  readonly cyan: Paint;
}

export function palette(enabled: boolean): Palette {
  const paint = (open: number, close: number): Paint =>
    enabled ? (text) => `\u001B[${open}m${text}\u001B[${close}m` : (text) => text;
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    blue: paint(34, 39),
    cyan: paint(36, 39),
  };
}

/** The colours by which containers are told apart, in docker compose's order: the plain ones, then the bright ones. */
export const rotation: readonly Paint[] = [36, 33, 32, 35, 34, 96, 93, 92, 95, 94].map(
  (code) => (text: string) => `\u001B[${code}m${text}\u001B[0m`,
);
