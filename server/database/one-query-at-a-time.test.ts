import { Client } from 'pg';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import { createReseller, createTenant } from '../testing/tenants.ts';
import { OneQueryAtATime } from './one-query-at-a-time.ts';
import { createPrisma, type PrismaClient } from './prisma.ts';
import { inTransaction } from './transaction.ts';

let database: TestDatabase;
let db: PrismaClient;
beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
  db = createPrisma(database.url, 4);
  await createTenant(db, 'turns.test', await createReseller(db, 'reseller@turns.test'));
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

/** What was sent while `task` ran over a connection that had not answered yet. */
async function sentOverBusy(task: () => Promise<unknown>): Promise<unknown[]> {
  const busy = new Set<Client>();
  const sent: unknown[] = [];
  const query = Client.prototype.query as (...given: unknown[]) => Promise<unknown>;
  const spy = vi.spyOn(Client.prototype, 'query').mockImplementation(async function (
    this: Client,
    ...given: unknown[]
  ) {
    if (busy.has(this)) sent.push(given[0]);
    busy.add(this);
    return query.apply(this, given).finally(() => busy.delete(this));
  } as typeof Client.prototype.query);
  await task();
  expect(spy).toHaveBeenCalled();
  spy.mockRestore();
  return sent;
}

const RELATIONS = { domain: true, targets: true, destinations: true, responder: true } as const;

test('in a transaction the relations of a row are read one after the other', async () => {
  const read = () => inTransaction(db, (tx) => tx.address.findMany({ include: RELATIONS, orderBy: { id: 'asc' } }));
  expect(await sentOverBusy(read)).toEqual([]);
  expect(await read()).toEqual(await db.address.findMany({ include: RELATIONS, orderBy: { id: 'asc' } }));
});

test('queries asked for at once are answered in their order, and one that fails does not keep the others waiting', async () => {
  const adapter = await new OneQueryAtATime({ connectionString: database.url, max: 1 }).connect();
  const transaction = await adapter.startTransaction();
  const answered: string[] = [];
  const ask = async (sql: string) => {
    const { rows } = await transaction.queryRaw({ sql, args: [], argTypes: [] });
    answered.push(String(rows[0]?.[0]));
  };
  const asked = ['SELECT pg_sleep(0.05)::text', 'SELECT 2', 'SELECT 1 / 0', 'SELECT 4'].map(ask);
  const ended = await Promise.allSettled(asked);
  expect(ended.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'rejected']);
  expect(answered).toEqual(['', '2']);
  await transaction.executeRaw({ sql: 'ROLLBACK', args: [], argTypes: [] });
  await transaction.rollback();
  await adapter.dispose();
});

test('a transaction that fails leaves its connection good for the next', async () => {
  const one = createPrisma(database.url, 1);
  for (let round = 0; round < 3; round += 1) {
    const failed = inTransaction(one, (tx) => Promise.all([tx.$queryRaw`SELECT 1 / 0`, tx.address.count()]));
    await expect(failed).rejects.toThrow(/division by zero/);
    expect(await inTransaction(one, (tx) => tx.domain.count({ where: { name: 'turns.test' } }))).toBe(1);
  }
  await one.$disconnect();
});
