/** Text of one entry a line → the entries, without empty ones. */
export function linesOf(typed: string): string[] {
  return typed
    .split(/[\n,;]/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
