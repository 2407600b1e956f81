const hour = 3_600_000;
const units: Readonly<Record<string, number>> = { w: 168 * hour, d: 24 * hour, h: hour, m: 60_000, s: 1000 };

/** How long a pulled image is fresh enough, in milliseconds: "daily", "weekly", "every_36h"; other policies have none. */
export function pullPeriod(policy: string): number | undefined {
  if (policy === "daily") return 24 * hour;
  if (policy === "weekly") return 168 * hour;
  if (!policy.startsWith("every_")) return undefined;
  const parts = [...policy.slice("every_".length).matchAll(/(\d+(?:\.\d+)?)([wdhms])/g)];
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (units[unit ?? ""] ?? 0), 0);
}
