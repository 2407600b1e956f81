/** "2026-11-21 02:50:40 +0000 UTC": a time as Go prints it, in the zone of this machine. */
export function goTime(milliseconds: number): string {
  const date = new Date(milliseconds);
  const minutes = -date.getTimezoneOffset();
  const local = new Date(milliseconds + minutes * 60_000).toISOString();
  const sign = minutes < 0 ? "-" : "+";
  const size = Math.abs(minutes);
  const offset = `${sign}${two(Math.floor(size / 60))}${two(size % 60)}`;
  return `${local.slice(0, 10)} ${local.slice(11, 19)} ${offset} ${zoneName(date, minutes)}`;
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}

/** "CET"; "+0530" where the zone has no letters of its own. */
function zoneName(date: Date, minutes: number): string {
  if (minutes === 0) return "UTC";
  const parts = new Intl.DateTimeFormat("en-GB", { timeZoneName: "short" }).formatToParts(date);
  const name = parts.find(({ type }) => type === "timeZoneName")?.value ?? "";
  return /^[A-Z]{2,5}$/.test(name) ? name : date.toString().replace(/^.*GMT([+-]\d{4}).*$/s, "$1");
}
