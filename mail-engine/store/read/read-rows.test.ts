import type { Pool } from 'pg';
import { expect, test } from 'vitest';
import type { RowField } from '../types.ts';
import { readRows } from './read-rows.ts';

const UIDS = Array.from({ length: 1200 }, (_, at) => at + 1);

/** How many rows each query asks for. */
async function batchesFor(fields: readonly RowField[]): Promise<number[]> {
  const asked: number[] = [];
  const query = async ({ values }: { values: [number, number, Buffer] }) => {
    // An array's elements: 20 bytes of head, 12 bytes each.
    asked.push((values[2].length - 20) / 12);
    return { rows: [] };
  };
  for await (const row of readRows({ query } as unknown as Pool, 1, 1, UIDS, fields)) throw new Error(`row ${row.uid}`);
  return asked;
}

test('rows come 500 at a time, with what may be large 50', async () => {
  expect(await batchesFor([])).toEqual([500, 500, 200]);
  expect(await batchesFor(['preview'])).toEqual([500, 500, 200]);
  for (const field of ['imapEnvelope', 'imapBody', 'bodyStructure'] as const) {
    expect(await batchesFor([field])).toEqual(UIDS.slice(0, 24).map(() => 50));
  }
});
