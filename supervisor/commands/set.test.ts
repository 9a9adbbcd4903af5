import { afterAll, beforeAll, beforeEach, expect, inject, test, vi } from 'vitest';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import { createPrisma, type PrismaClient } from '#server/database/prisma.ts';
import { readSettings } from '#server/settings/resolve-settings.ts';
import { setCommand } from './set.ts';

let database: TestDatabase;
let db: PrismaClient;
beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
  db = createPrisma(database.url, 1);
});
beforeEach(async () => {
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  await db.setting.deleteMany();
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

const set = (...args: string[]) => setCommand({ databaseUrl: database.url, webUrl: '' }, args);

test.each([
  [['mail.restoreDays', '7'], 7],
  [['queue.allowPrivateDestinations', 'true'], true],
  [['connections.whenFull', 'refuse'], 'refuse'],
  [['smtp.postmaster', 'Ann@Here.test'], 'ann@here.test'],
  [['smtp.postmaster', ''], ''],
  [
    ['connections.proxyNetworks', '192.0.2.0/24', '2001:DB8::/32'],
    ['192.0.2.0/24', '2001:db8::/32'],
  ],
  [['connections.proxyNetworks', '["192.0.2.7"]'], ['192.0.2.7']],
  [['connections.proxyNetworks', '[]'], []],
])('set %j, then null for the default', async ([key = '', ...values], expected) => {
  const before = (await readSettings(db))[key as 'mail.restoreDays'];
  expect(await set(key, ...values)).toBe(0);
  expect((await readSettings(db))[key as 'mail.restoreDays']).toEqual(expected);
  await set(key, 'null');
  expect((await readSettings(db))[key as 'mail.restoreDays']).toEqual(before);
});

test.each([
  [['mail.unknown', '1'], /There is no setting mail\.unknown/],
  [['mail.restoreDays', 'seven'], /is not a value/],
  [['mail.restoreDays'], /is not a value/],
  [['smtp.postmaster'], /is not a value/],
  [['smtp.postmaster', 'ann'], /“ann” is not an email address/],
  [['connections.whenFull', 'explode'], /Choose one of wait, refuse/],
  [['connections.proxyNetworks', 'example.com'], /not an address or network/],
])('%j is refused in words', async (args, words) => {
  await expect(set(...args)).rejects.toThrow(words);
  expect(await db.setting.count()).toBe(0);
});
