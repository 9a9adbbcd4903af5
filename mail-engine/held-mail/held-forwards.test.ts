import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import type { QueueRunner } from '#engine/queue/runner.ts';
import { openTestQueue, type TestQueue } from '#engine/queue/testing/open-test-queue.ts';
import { type ScriptedMx, startScriptedMx } from '#engine/testing/scripted-mx.ts';
import type { Actor } from '#server/actor/actor.ts';
import { createPrisma, type PrismaClient } from '#server/database/prisma.ts';
import { deleteHeld } from '#server/held-mail/delete-held.ts';
import { listHeld } from '#server/held-mail/list-held.ts';
import { listHeldMessages } from '#server/held-mail/list-held-messages.ts';
import { releaseHeld } from '#server/held-mail/release-held.ts';
import { outcomeOf } from '#server/testing/refusal.ts';
import { contextOf } from '#server/testing/tenants.ts';
import { createHoldKeeper, type HoldKeeper } from './hold-keeper.ts';

let queue: TestQueue;
let db: PrismaClient;
let domainId: number;
let owner: Actor;
let reseller: Actor & { operatorId: bigint };
let stranger: Actor;
let server: ScriptedMx;
let runner: QueueRunner;
let keeper: HoldKeeper;

const asAdmin = () => contextOf(db, undefined, () => queue.clock.now());
const as = (actor: Actor) => contextOf(db, actor, () => queue.clock.now());
const heldId = () => `domain-${domainId}`;
const REASON = 'Over a sending limit of the domain as a whole (messages per hour: 1)';

async function addOperator(email: string, role: 'reseller' | 'domain_owner'): Promise<bigint> {
  return (await db.operator.create({ data: { email, name: email, role } })).id;
}

beforeAll(async () => {
  queue = await openTestQueue(inject('clusterUrl'));
  db = createPrisma(queue.url, 2);
  ({ domainId } = await queue.createAccount('ann@own.test'));
  const resellerId = await addOperator('reseller@there.test', 'reseller');
  const ownerId = await addOperator('boss@there.test', 'domain_owner');
  reseller = { kind: 'reseller', operatorId: resellerId, label: 'reseller' };
  owner = { kind: 'domain-owner', operatorId: ownerId, label: 'boss' };
  stranger = { kind: 'reseller', operatorId: await addOperator('other@there.test', 'reseller'), label: 'other' };
  await db.domain.update({ where: { id: BigInt(domainId) }, data: { ownerId, resellerId } });
  await queue.pool.query(
    `WITH made AS (INSERT INTO address (domain_id, local_part, kind) VALUES ($1, 'wide', 'forward') RETURNING id)
     INSERT INTO forward_destination SELECT id, unnest(ARRAY['zoe@there.test', 'yan@there.test']) FROM made`,
    [domainId],
  );
});
afterAll(async () => {
  await db.$disconnect();
  await queue.close();
});
beforeEach(async () => {
  await queue.reset();
  queue.zone['there.test'] = { MX: [[10, 'mx.there.test']] };
  queue.zone['mx.there.test'] = { A: ['127.0.0.1'] };
  server = await startScriptedMx();
  runner = queue.runner({ remotePort: server.port });
  const { pool, intake, clock } = queue;
  keeper = createHoldKeeper({
    pool,
    intake,
    hostname: 'mx.test',
    now: clock.now.bind(clock),
    onQueued: () => undefined,
  });
  await limit('domain', BigInt(domainId), 1);
});
afterEach(async () => {
  await keeper.close();
  await server.close();
});

const limit = (scope: string, scopeId: bigint, messagesPerHour: number) =>
  db.sendLimit.upsert({
    where: { scope_scopeId: { scope, scopeId } },
    create: { scope, scopeId, messagesPerHour },
    update: { messagesPerHour },
  });

/** One after the other, so that it is known which leave. */
async function forward(times: number): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    await queue.submit({ sender: 'bob@sender.test', to: ['wide@own.test'] });
    await runner.runDue();
  }
}

const delivered = () =>
  server.messages.flatMap(({ rcpts }) => rcpts.map((line) => line.replace(' NOTIFY=NEVER', ''))).toSorted();
const copies = (times: number) =>
  ['yan', 'zoe'].flatMap((name) => Array.from({ length: times }, () => `RCPT TO:<${name}@there.test>`));
const states = async () => (await queue.entries()).map(({ recipient, state }) => `${recipient} ${state}`).toSorted();
async function used(scope: string): Promise<number> {
  const row = await db.sendUsage.findFirst({ where: { scope } });
  return ((row?.buckets ?? {}) as { messagesPerHour?: number[] }).messagesPerHour?.[0] ?? 0;
}

test('forwards over the limit are held, the owner of the domain is told once, and what is released arrives', async () => {
  await forward(3);
  expect(delivered()).toEqual(copies(1));

  await keeper.run();
  await keeper.run();
  await runner.runDue();
  const notices = server.messages.filter(({ rcpts }) => rcpts[0]?.includes('boss@there.test'));
  expect(notices).toHaveLength(1);
  const notice = notices[0]?.bytes.toString();
  expect(notice).toContain('Subject: Forwarded mail of own.test is held');
  expect(notice).toContain(`${REASON}.`);

  const { rows } = await listHeld(as(owner), {});
  expect(rows).toMatchObject([
    {
      id: heldId(),
      kind: 'domain',
      address: 'own.test',
      messages: 2,
      recipients: 4,
      reason: `${REASON}.`,
      mayRelease: false,
    },
  ]);
  expect((await listHeld(asAdmin(), { filters: { id: heldId() }, search: 'own' })).total).toBe(1);
  expect(await listHeldMessages(as(owner), { id: heldId() })).toMatchObject({
    total: 2,
    rows: [{ sender: 'bob@sender.test', recipientCount: 2 }, { recipientCount: 2 }],
  });

  expect(await releaseHeld(asAdmin(), { ids: [heldId()] })).toEqual({ names: ['Forwards of own.test'], messages: 2 });
  expect(await used('domain')).toBe(0);
  await runner.runDue();
  expect(delivered().filter((line) => !line.includes('boss'))).toEqual(copies(3));
  expect(await states()).toEqual([]);
  // What was released has not been counted on its way out: there is room for one more, and for no second.
  expect(await used('domain')).toBe(0);
  await forward(2);
  expect(delivered().filter((line) => !line.includes('boss'))).toEqual(copies(4));
  expect(await states()).toEqual(['yan@there.test held', 'zoe@there.test held']);
});

test('who sets the limit releases, counted once in the limits above, which may have no room', async () => {
  await limit('reseller', reseller.operatorId, 2);
  await forward(3);
  expect(await outcomeOf(releaseHeld(as(owner), { ids: [heldId()] }))).toBe('forbidden');
  for (const run of [releaseHeld, deleteHeld]) {
    expect(await outcomeOf(run(as(stranger), { ids: [heldId()] }))).toBe('not-found');
  }
  expect(await outcomeOf(listHeldMessages(as(stranger), { id: heldId() }))).toBe('not-found');
  expect((await listHeld(as(stranger), {})).total).toBe(0);
  expect(await outcomeOf(releaseHeld(as(reseller), { ids: [heldId()] }))).toBe('limit-reached');
  expect(await states()).toHaveLength(4);
  expect(await used('reseller')).toBe(1);

  await limit('reseller', reseller.operatorId, 3);
  expect(await outcomeOf(releaseHeld(as(reseller), { ids: [heldId()] }))).toBe('done');
  await runner.runDue();
  expect(delivered()).toEqual(copies(3));
  expect([await used('domain'), await used('reseller')]).toEqual([0, 3]);
  // Once more is a hold of the reseller's, which it cannot release itself.
  await forward(1);
  expect((await listHeld(as(reseller), {})).rows).toMatchObject([{ messages: 1, mayRelease: false }]);
  expect(await outcomeOf(releaseHeld(as(reseller), { ids: [heldId()] }))).toBe('forbidden');
});

test('is released while more is forwarded, and nothing is lost, doubled or left held by nobody', async () => {
  await forward(2);
  const address = { sender: 'bob@sender.test', to: ['wide@own.test'] };
  for (let sent = 0; sent < 5; sent += 1) await queue.submit(address);
  const releasing = async () => {
    for (let time = 0; time < 5; time += 1) await releaseHeld(asAdmin(), { ids: [heldId()] });
  };
  await Promise.all([runner.runDue(), releasing()]);
  await keeper.run();
  for (let time = 0; time < 7 && (await db.sendHold.count()) > 0; time += 1) {
    await releaseHeld(asAdmin(), { ids: [heldId()] });
    await runner.runDue();
  }
  await runner.runDue();
  expect(delivered().filter((line) => !line.includes('boss'))).toEqual(copies(7));
  expect(await states()).toEqual([]);
});

test('what is deleted is gone, said in the trace, and the domain stays held', async () => {
  await forward(2);
  expect(await deleteHeld(as(owner), { ids: [heldId()] })).toMatchObject({ messages: 1 });
  expect(await states()).toEqual([]);
  expect((await queue.pool.query('SELECT FROM queue_message')).rowCount).toBe(0);
  expect(await db.trace.count({ where: { kind: 'removed', domainId: BigInt(domainId) } })).toBe(2);
  await forward(1);
  expect(await states()).toEqual(['yan@there.test held', 'zoe@there.test held']);
  await keeper.run();
  expect((await states()).filter((line) => line.endsWith('held'))).toHaveLength(2);
});

test('what a domain that is gone for good had held never leaves', async () => {
  await forward(2);
  await queue.pool.query('UPDATE queue_message SET forwarding_domain_id = 1000000');
  await keeper.run();
  expect((await states()).filter((line) => line.endsWith('held'))).toEqual([]);
  await runner.runDue();
  expect(delivered().filter((line) => !line.includes('boss'))).toEqual(copies(1));
});
