/** Lines a person reads while Mailstead starts. The supervisor's own words; what the children log goes through pino. */
const started = Date.now();

/** Nobody may read any more (a terminal that was closed, `| head`): that ends nothing. */
process.stdout.on('error', () => undefined);

export function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Announces a step and, when it has succeeded, how long it took. */
export async function step<T>(title: string, run: () => Promise<T>): Promise<T> {
  const begun = Date.now();
  const result = await run();
  say(`  ${title} (${((Date.now() - begun) / 1000).toFixed(1)} s)`);
  return result;
}

export function secondsSinceStart(): string {
  return ((Date.now() - started) / 1000).toFixed(1);
}
