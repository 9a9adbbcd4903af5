import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import { createResponder } from '../addresses/create-responder.ts';
import { createPrisma, type PrismaClient } from '../database/prisma.ts';
import { createDomain } from '../domains/create-domain.ts';
import { createOperator } from '../operators/create-operator.ts';
import { createPasswordLink } from '../operators/create-password-link.ts';
import { updateSetting } from '../settings/update-setting.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { contextOf } from '../testing/tenants.ts';
import { pruneRecords } from './prune-records.ts';

const DAY_MS = 86_400_000;

let database: TestDatabase;
let db: PrismaClient;
beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
  db = createPrisma(database.url, 2);
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

test('only what no longer counts is dropped, and each thing at its own age', async () => {
  const clock = createManualClock();
  const context = contextOf(db, undefined, clock.now);
  await updateSetting(context, { key: 'audit.keepDays', value: 3 });
  const { id } = await createOperator(context, { email: 'keeper@x.test', name: 'Keeper', role: 'reseller' });
  await createPasswordLink(context, { id });
  const expiresAt = new Date(clock.now().getTime() + DAY_MS);
  await db.webSession.create({ data: { id: randomUUID(), operatorId: BigInt(id), createdAt: clock.now(), expiresAt } });
  await db.loginFailure.create({ data: { bucket: 'account:x', failures: 9, lastAt: clock.now() } });

  const counts = async () => [
    await db.loginFailure.count(),
    await db.passwordLink.count(),
    await db.auditEvent.count(),
    await db.webSession.count(),
  ];
  expect(await pruneRecords(context)).toBe(0);
  expect(await counts()).toEqual([1, 1, 3, 1]);
  clock.advance(DAY_MS);
  await pruneRecords(context);
  expect(await counts()).toEqual([0, 1, 3, 1]);
  clock.advance(2 * DAY_MS);
  await pruneRecords(context);
  expect(await counts()).toEqual([0, 0, 3, 1]);
  clock.advance(1);
  await pruneRecords(context);
  expect(await counts()).toEqual([0, 0, 0, 1]);
  clock.advance(5 * DAY_MS);
  await pruneRecords(context);
  expect(await counts()).toEqual([0, 0, 0, 0]);
});

test('bans, networks and what was sent go each at its own age', async () => {
  const clock = createManualClock();
  const context = contextOf(db, undefined, clock.now);
  const at = clock.now();
  const { id: resellerId } = await createOperator(context, { email: 'a@x.test', name: 'A', role: 'reseller' });
  const ban = { reason: 'abuse', automatic: false, since: at };
  await db.signInBan.create({ data: { ...ban, network: '192.0.2.1', until: at } });
  await db.signInBan.create({ data: { ...ban, network: '192.0.2.2' } });
  await db.signInNetwork.create({ data: { login: 'ann', network: '192.0.2.1/32', lastAt: at } });
  await db.sendUsage.create({ data: { scope: 'account', scopeId: 1n, countedAt: at, buckets: {} } });
  await db.sendLimit.create({ data: { scope: 'reseller', scopeId: BigInt(resellerId), messagesPerDay: 1 } });
  await db.sendLimit.create({ data: { scope: 'account', scopeId: 1_000_000n, messagesPerDay: 1 } });
  const counts = async () => [
    await db.signInBan.count(),
    await db.signInNetwork.count(),
    await db.sendUsage.count(),
    await db.sendLimit.count(),
  ];
  await pruneRecords(context);
  expect(await counts()).toEqual([2, 1, 1, 1]);
  clock.advance(2 * DAY_MS);
  await pruneRecords(context);
  expect(await counts()).toEqual([2, 1, 0, 1]);
  clock.advance(6 * DAY_MS);
  await pruneRecords(context);
  expect(await counts()).toEqual([1, 1, 0, 1]);
  clock.advance(30 * DAY_MS);
  await pruneRecords(context);
  expect(await counts()).toEqual([1, 0, 0, 1]);
});

test('whom a responder answered is forgotten after its interval', async () => {
  const clock = createManualClock();
  const context = contextOf(db, undefined, clock.now);
  const { id: domainId } = await createDomain(context, { name: 'replies.test' });
  const { id } = await createResponder(context, { domainId, localPart: 'info', body: 'x', intervalDays: 2 });
  const reply = { addressId: BigInt(id), sender: 'bob@far.test', ref: 'r', at: clock.now() };
  await db.responderReply.create({ data: reply });
  clock.advance(2 * DAY_MS - 1);
  await pruneRecords(context);
  expect(await db.responderReply.count()).toBe(1);
  clock.advance(1);
  await pruneRecords(context);
  expect(await db.responderReply.count()).toBe(0);
});
