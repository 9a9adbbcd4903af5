import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import type { Actor } from '../actor/actor.ts';
import { createPrisma, type PrismaClient } from '../database/prisma.ts';
import { contextOf, createReseller, createTenant, type Tenant } from '../testing/tenants.ts';
import { deleteEntries } from './delete-entries.ts';
import { holdEntries } from './hold-entries.ts';
import { listQueue } from './list-queue.ts';
import { releaseEntries } from './release-entries.ts';
import { retryEntries } from './retry-entries.ts';
import { summariseQueue } from './summarise-queue.ts';

let database: TestDatabase;
let db: PrismaClient;
let ours: Tenant;
let foreign: Tenant;
const admin: Actor = { kind: 'admin', operatorId: 1n, label: 'root' };
const NOW = new Date('2026-11-23T12:00:00Z');

beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
  db = createPrisma(database.url, 4);
  ours = await createTenant(db, 'ours.test', await createReseller(db, 'first@resellers.test'));
  foreign = await createTenant(db, 'foreign.test', await createReseller(db, 'second@resellers.test'));
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});
beforeEach(() => db.queueMessage.deleteMany());

interface Entry {
  accountId?: string;
  sender?: string;
  recipient: string;
  nextAttemptAt?: Date;
  lastReply?: string;
  size?: number;
  notBefore?: Date;
  holdReason?: string;
}

/** Queues one message for one recipient; returns its entry's id. */
async function queue({
  accountId,
  sender = 'ann@ours.test',
  recipient,
  size = 1,
  notBefore,
  ...entry
}: Entry): Promise<bigint> {
  const { id: blobId } = await db.blob.create({ data: {} });
  const message = await db.queueMessage.create({
    data: {
      blobId,
      prefix: Buffer.alloc(0),
      size,
      sender,
      accountId: accountId === undefined ? null : BigInt(accountId),
      ref: `ref-${recipient}`,
      expiresAt: NOW,
      notBefore: notBefore ?? null,
      entries: { create: { recipient, destination: recipient.split('@')[1] ?? '', nextAttemptAt: NOW, ...entry } },
    },
    include: { entries: true },
  });
  return message.entries[0]!.id;
}

const lease = (id: bigint) =>
  db.$executeRaw`UPDATE queue_entry SET state = 'leased', lease_owner = gen_random_uuid(), lease_until = now() WHERE id = ${id}`;
const as = (actor: Actor) => contextOf(db, actor, () => NOW);
const stateOf = async (id: bigint) => (await db.queueEntry.findUnique({ where: { id } }))?.state;

describe('who sees what', () => {
  beforeEach(async () => {
    await queue({ accountId: ours.accountId, recipient: 'a@x.test' });
    await queue({ accountId: foreign.accountId, recipient: 'b@x.test' });
    await queue({ sender: '', recipient: 'c@x.test' });
  });
  test.each([
    ['admin', () => admin, ['a@x.test', 'b@x.test', 'c@x.test']],
    ['reseller', () => ours.actors.reseller, ['a@x.test']],
    ['domain owner', () => foreign.actors['domain-owner'], ['b@x.test']],
  ])('%s', async (_, actor, expected) => {
    const list = await listQueue(as(actor()), { sort: 'recipient' });
    expect(list.rows.map(({ recipient }) => recipient)).toEqual(expected);
    expect(list.total).toBe(expected.length);
    const summary = await summariseQueue(as(actor()), {});
    expect(summary).toMatchObject({ total: 1, rows: [{ destination: 'x.test', waiting: expected.length }] });
  });
});

describe('list', () => {
  test('searches, filters, sorts and pages on the server', async () => {
    for (let count = 0; count < 7; count += 1) {
      await queue({
        recipient: `u${count}@x.test`,
        size: 100 - count,
        lastReply: count === 3 ? '450 100% full_' : 'ok',
      });
    }
    await queue({ recipient: 'z@y.test', accountId: ours.accountId });
    const page = await listQueue(as(admin), { sort: 'sizeBytes', direction: 'desc', pageSize: 3, page: 2 });
    expect([page.rows.map(({ recipient }) => recipient), page.total]).toEqual([
      ['u3@x.test', 'u4@x.test', 'u5@x.test'],
      8,
    ]);
    const find = async (given: Parameters<typeof listQueue>[1]) =>
      (await listQueue(as(admin), given)).rows.map(({ recipient }) => recipient);
    expect(await find({ search: '100% FULL_' })).toEqual(['u3@x.test']);
    expect(await find({ search: '%' })).toEqual(['u3@x.test']);
    expect(await find({ filters: { destination: 'Y.test' } })).toEqual(['z@y.test']);
    expect(await find({ filters: { state: 'held' } })).toEqual([]);
    expect((await listQueue(as(admin), { search: 'z@y' })).rows[0]).toMatchObject({
      account: { id: ours.accountId, address: 'ann@ours.test' },
      state: 'waiting',
      attempts: 0,
      sizeBytes: 1,
      nextAttemptAt: NOW.toISOString(),
    });
  });

  test('the summary tells where mail piles up', async () => {
    for (const recipient of ['a@big.test', 'b@big.test', 'c@small.test'])
      await queue({ recipient, lastReply: '421 busy' });
    await holdEntries(as(admin), { ids: [await queue({ recipient: 'd@big.test' })] });
    const { rows } = await summariseQueue(as(admin), { sort: 'entries', direction: 'desc' });
    expect(rows.map(({ destination, waiting, held, lastReply }) => [destination, waiting, held, lastReply])).toEqual([
      ['big.test', 2, 1, expect.anything()],
      ['small.test', 1, 0, '421 busy'],
    ]);
  });
});

describe('actions', () => {
  let listener: Client;
  const heard: string[] = [];
  beforeEach(async () => {
    heard.length = 0;
    listener = new Client({ connectionString: database.url });
    await listener.connect();
    listener.on('notification', ({ payload }) => heard.push(payload ?? ''));
    await listener.query('LISTEN mailstead_queue');
  });
  afterEach(() => listener.end());

  test('retry makes waiting ones due and wakes the engine', async () => {
    const id = await queue({ recipient: 'a@x.test', nextAttemptAt: new Date('2026-12-01') });
    const busy = await queue({ recipient: 'b@x.test' });
    await lease(busy);
    expect(await retryEntries(as(admin), { ids: [id, busy] })).toEqual({ changed: 1, skipped: 1 });
    expect((await db.queueEntry.findUnique({ where: { id } }))?.nextAttemptAt).toEqual(NOW);
    await listener.query('SELECT 1');
    expect(heard).toEqual(['retry']);
  });

  test('hold and release', async () => {
    const id = await queue({ recipient: 'a@x.test', accountId: ours.accountId });
    const owner = as(ours.actors['domain-owner']);
    expect(await holdEntries(owner, { ids: [id] })).toEqual({ changed: 1, skipped: 0 });
    expect(await stateOf(id)).toBe('held');
    expect(await holdEntries(owner, { ids: [id] })).toEqual({ changed: 0, skipped: 1 });
    expect(await releaseEntries(owner, { ids: [id] })).toEqual({ changed: 1, skipped: 0 });
    expect(await stateOf(id)).toBe('waiting');
  });

  test('what its sender scheduled leaves no sooner, whoever releases or retries it', async () => {
    const later = new Date('2026-12-24T18:00:00Z');
    const id = await queue({ recipient: 'a@x.test', nextAttemptAt: later, notBefore: later, holdReason: 'too much' });
    expect(await retryEntries(as(admin), { ids: [id] })).toEqual({ changed: 0, skipped: 1 });
    await holdEntries(as(admin), { ids: [id] });
    expect((await listQueue(as(admin), {})).rows).toMatchObject([
      { state: 'held', holdReason: 'too much', notBefore: later.toISOString() },
    ]);
    await releaseEntries(as(admin), { ids: [id] });
    const { rows } = await listQueue(as(admin), {});
    expect(rows).toMatchObject([{ state: 'waiting', holdReason: null, nextAttemptAt: later.toISOString() }]);
  });

  test('delete takes the message with its last entry and leaves a trace; what is in delivery stays', async () => {
    const id = await queue({ recipient: 'a@x.test', accountId: ours.accountId });
    const busy = await queue({ recipient: 'b@x.test', accountId: ours.accountId });
    await lease(busy);
    expect(await deleteEntries(as(ours.actors.reseller), { ids: [id, busy] })).toEqual({ changed: 1, skipped: 1 });
    expect(await db.queueMessage.count()).toBe(1);
    expect(await stateOf(busy)).toBe('leased');
    const traced = await db.trace.findMany({ where: { ref: 'ref-a@x.test' } });
    expect(traced).toMatchObject([{ kind: 'removed', recipient: 'a@x.test', domainId: BigInt(ours.domainId) }]);
  });

  test('one that has left meanwhile is passed over for an admin, and as unknown as a foreign one to others', async () => {
    const id = await queue({ recipient: 'a@x.test', accountId: ours.accountId });
    expect(await holdEntries(as(admin), { ids: [id, 999_999_999n] })).toEqual({ changed: 1, skipped: 1 });
    await expect(releaseEntries(as(ours.actors.reseller), { ids: [id, 999_999_999n] })).rejects.toMatchObject({
      code: 'not-found',
    });
    expect(await stateOf(id)).toBe('held');
    await expect(releaseEntries(as(admin), { ids: [999_999_999n] })).rejects.toMatchObject({ code: 'not-found' });
  });
});
