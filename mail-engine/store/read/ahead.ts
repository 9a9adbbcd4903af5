/** Reads batches one ahead of their consumer: while one is used the next is on its way. A consumer that stops early leaves at most one read behind. */

export function slices<T>(items: readonly T[], size: number): T[][] {
  const found: T[][] = [];
  for (let at = 0; at < items.length; at += size) found.push(items.slice(at, at + size));
  return found;
}

export async function* readAhead<Key, Row>(
  batches: readonly Key[],
  read: (batch: Key) => Promise<readonly Row[]>,
): AsyncGenerator<Row> {
  let next: Promise<readonly Row[]> | undefined;
  for (const [at, batch] of batches.entries()) {
    const rows = await (next ?? read(batch));
    const following = batches[at + 1];
    next = following === undefined ? undefined : read(following);
    next?.catch(() => undefined); // thrown when it is this batch's turn
    yield* rows;
  }
}
