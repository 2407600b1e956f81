/** Milliseconds that this process has worked so far: a limit on it holds on a busy machine, too, as one on the clock does not. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
