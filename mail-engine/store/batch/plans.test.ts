/** What PostgreSQL makes of the batch statements on a small server, whose tables are a page each. */
import type { Pool } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createPool } from '#server/database/pool.ts';
import { openTestStore, type TestStore } from '../testing/open-test-store.ts';
import * as statements from './statements.ts';

interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Cond'?: string;
  Plans?: PlanNode[];
}

let t: TestStore;
let pool: Pool;
beforeAll(async () => {
  t = await openTestStore(inject('clusterUrl'));
  for (let nth = 0; nth < 100; nth++) await t.createAccount(`box${nth}@plans.test`);
  pool = createPool({ connectionString: t.url, max: 1, options: statements.BATCH_PLANS });
});
afterAll(async () => {
  await pool.end();
  await t.close();
});

function nodesOf(plan: PlanNode): PlanNode[] {
  return [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];
}

const { LOCK_ACCOUNTS, LOCK_FREE_ACCOUNTS, READ_FOLDERS, FINISH_BLOBS, WRITE_BATCH, WRITE_QUEUE, WRITE_AT_ONCE } =
  statements;

test.each([LOCK_ACCOUNTS, LOCK_FREE_ACCOUNTS, READ_FOLDERS, FINISH_BLOBS, WRITE_BATCH, WRITE_QUEUE, WRITE_AT_ONCE])(
  '$name reads no table but by key',
  async ({ text }) => {
    const { rows } = await pool.query(`EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${text}`);
    const nodes = nodesOf((rows[0] as { 'QUERY PLAN': { Plan: PlanNode }[] })['QUERY PLAN'][0]?.Plan as PlanNode);
    const reading = nodes.filter((node) => node['Relation Name'] !== undefined && node['Node Type'] !== 'ModifyTable');
    const whole = reading.filter(
      (node) => node['Index Cond'] === undefined && node['Node Type'] !== 'Bitmap Heap Scan',
    );
    expect(whole).toEqual([]);
    expect(nodes.some((node) => node['Node Type'] === 'ModifyTable' || node['Index Cond'] !== undefined)).toBe(true);
  },
);
