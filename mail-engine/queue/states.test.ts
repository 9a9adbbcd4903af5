import { readFile } from 'node:fs/promises';
import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import { createPool } from '#server/database/pool.ts';

const STATES = ['waiting', 'leased', 'held', 'delivered', 'bounced'] as const;
const NO_ROW = '(no row)';

let database: TestDatabase;
let pool: Pool;
let legal: string[];

beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
  pool = createPool({ connectionString: database.url, max: 2 });
  legal = await readTable();
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** The moves of the table in docs/queue.md, as `from → to`. */
async function readTable(): Promise<string[]> {
  const text = await readFile(new URL('../../docs/queue.md', import.meta.url), 'utf8');
  const [, table = ''] = text.split('| from | to | when |\n|---|---|---|\n');
  const rows = table.split('\n\n', 1)[0]?.split('\n') ?? [];
  return rows.map((row) => {
    const [, from = '', to = ''] = row.split('|').map((cell) => cell.trim());
    return `${from} → ${to}`;
  });
}

/** A way from the start to each state. */
const PATH: Readonly<Record<(typeof STATES)[number], readonly (typeof STATES)[number][]>> = {
  waiting: ['waiting'],
  held: ['held'],
  leased: ['waiting', 'leased'],
  delivered: ['waiting', 'leased', 'delivered'],
  bounced: ['waiting', 'leased', 'bounced'],
};

async function insert(state: string): Promise<number> {
  const { rows } = await pool.query<{ id: number }>(
    `WITH b AS (INSERT INTO blob DEFAULT VALUES RETURNING id),
       m AS (INSERT INTO queue_message (blob_id, prefix, size, sender, ref, expires_at) SELECT id, '', 0, '', 'x', now() FROM b RETURNING id)
     INSERT INTO queue_entry (message_id, recipient, destination, state, lease_until, lease_owner, notice_ref, notice)
     SELECT id, 'a@b', 'b', $1::queue_state, CASE WHEN $1 = 'leased' THEN now() END,
       CASE WHEN $1 = 'leased' THEN gen_random_uuid() END,
       CASE WHEN $1 IN ('delivered', 'bounced') THEN 'n' END, CASE WHEN $1 IN ('delivered', 'bounced') THEN '{}'::jsonb END FROM m
     RETURNING id`,
    [state],
  );
  return rows[0]?.id ?? 0;
}

/** Sets everything that goes with the state, so that only the move itself can be what is refused. */
async function move(id: number, to: string): Promise<void> {
  await pool.query(
    `UPDATE queue_entry SET state = $2::queue_state, lease_until = CASE WHEN $2 = 'leased' THEN now() END,
       lease_owner = CASE WHEN $2 = 'leased' THEN gen_random_uuid() END,
       notice_ref = CASE WHEN $2 IN ('delivered', 'bounced') THEN 'n' END,
       notice = CASE WHEN $2 IN ('delivered', 'bounced') THEN '{}'::jsonb END WHERE id = $1`,
    [id, to],
  );
}

async function make(state: (typeof STATES)[number]): Promise<number> {
  const [start, ...rest] = PATH[state];
  const id = await insert(start ?? '');
  for (const next of rest) await move(id, next);
  return id;
}

async function isAllowed(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    expect(error).toMatchObject({ code: '23514' });
    return false;
  }
}

test('the table is read', () => {
  expect(legal).toHaveLength(15);
  expect(legal).toContain('leased → bounced');
});

describe.each(STATES)('from %s', (from) => {
  test.each(STATES.filter((state) => state !== from))('to %s', async (to) => {
    const id = await make(from);
    expect(await isAllowed(() => move(id, to))).toBe(legal.includes(`${from} → ${to}`));
  });

  test('to no row', async () => {
    const id = await make(from);
    const { rowCount } = await pool.query('DELETE FROM queue_entry WHERE id = $1', [id]);
    expect([rowCount, legal.includes(`${from} → ${NO_ROW}`)]).toEqual([1, true]);
  });
});

test.each(STATES)('starting %s', async (state) => {
  expect(await isAllowed(() => insert(state))).toBe(legal.includes(`${NO_ROW} → ${state}`));
});

test.each(['delivered', 'bounced'])('%s without a notice is refused', async (state) => {
  const id = await make('leased');
  const ended = pool.query(
    `UPDATE queue_entry SET state = $2::queue_state, lease_until = NULL, lease_owner = NULL WHERE id = $1`,
    [id, state],
  );
  await expect(ended).rejects.toMatchObject({ code: '23514' });
});
