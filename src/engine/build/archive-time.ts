/** What our archives can say of a time: tar-stream counts seconds in 31 bits, and an engine refuses what comes of others. */
export function archiveTime(time: Date): Date {
  return new Date(Math.min(Math.max(0, time.getTime()), latest));
}

const latest = (2 ** 31 - 1) * 1000;
