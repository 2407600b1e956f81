/** 90000 → "1m30s", the way Go prints a duration. */
export function formatDuration(milliseconds: number): string {
  const nanoseconds = BigInt(Math.round(milliseconds * 1e6));
  if (nanoseconds < 0n) return `-${formatDuration(-milliseconds)}`;
  if (nanoseconds === 0n) return "0s";
  if (nanoseconds < 1_000n) return `${nanoseconds}ns`;
  if (nanoseconds < 1_000_000n) return `${decimal(nanoseconds, 3)}µs`;
  if (nanoseconds < 1_000_000_000n) return `${decimal(nanoseconds, 6)}ms`;
  const minutes = nanoseconds / 60_000_000_000n;
  const seconds = `${decimal(nanoseconds % 60_000_000_000n, 9)}s`;
  if (minutes === 0n) return seconds;
  const hours = minutes / 60n;
  return hours === 0n ? `${minutes}m${seconds}` : `${hours}h${minutes % 60n}m${seconds}`;
}

/** Decimal bytes. The largest int64 is no double: what rounds up to 2^63 stands for it. */
export function formatBytes(bytes: number): string {
  return bytes >= 2 ** 63 ? (2n ** 63n - 1n).toString() : BigInt(Math.trunc(bytes)).toString();
}

/** 0o440 → "0440" */
export function formatFileMode(mode: number): string {
  return `0${mode.toString(8)}`;
}

/** `value / 10^places` without trailing zeros. */
function decimal(value: bigint, places: number): string {
  const text = value.toString().padStart(places + 1, "0");
  const fraction = text.slice(-places).replace(/0+$/, "");
  const whole = text.slice(0, -places);
  return fraction === "" ? whole : `${whole}.${fraction}`;
}
