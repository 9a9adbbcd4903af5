/** Ids taken from a sequence ahead and in blocks, so that a batch knows its ids before it is written. Lost ones leave gaps, as PostgreSQL's own do. */
import type { Pool } from 'pg';
import { queryWithin } from '#server/database/query-within.ts';
import { ANSWER_MS } from './exchange.ts';

const BLOCK = 512;
const RESERVE = 'SELECT nextval($1::regclass) AS id FROM generate_series(1, $2::int)';

export interface IdSource {
  take(count: number): Promise<number[]>;
  /** Ids that were not used after all. */
  giveBack(ids: readonly number[]): void;
}

export function createIdSource(pool: Pool, sequence: string): IdSource {
  const free: number[] = [];
  let turn: Promise<unknown> = Promise.resolve();

  async function reserve(count: number): Promise<number[]> {
    if (free.length < count) {
      const { rows } = await queryWithin<{ id: number }>(pool, ANSWER_MS, RESERVE, [sequence, Math.max(BLOCK, count)]);
      free.push(...rows.map(({ id }) => id));
    }
    return free.splice(0, count);
  }

  return {
    take: async (count) => {
      if (free.length >= count) return free.splice(0, count);
      const mine = turn.then(() => reserve(count));
      turn = mine.catch(() => undefined); // its asker is told; the next one tries anew
      return mine;
    },
    giveBack: (ids) => {
      free.push(...ids);
    },
  };
}
