/** Whether a compose file is a program. */
export function isCodeFile(file: string): boolean {
  return /\.m?[jt]s$/.test(file);
}
