import type { Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import { createPool } from '../database/pool.ts';
import { createPrisma, type PrismaClient } from '../database/prisma.ts';
import { contextOf } from '../testing/tenants.ts';
import { createSettings } from './create-settings.ts';
import { listSettings } from './list-settings.ts';
import { SETTING_KEYS, SETTINGS } from './registry.ts';
import { readSettings } from './resolve-settings.ts';
import { updateSetting } from './update-setting.ts';

let database: TestDatabase;
let db: PrismaClient;
let pool: Pool;
beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
  db = createPrisma(database.url, 2);
  pool = createPool({ connectionString: database.url, max: 2 });
});
afterAll(async () => {
  await pool.end();
  await db.$disconnect();
  await database.drop();
});

test('every default is a value its own schema accepts, and every setting has words', () => {
  for (const key of SETTING_KEYS) {
    const { schema, default: value, title, description } = SETTINGS[key];
    expect([key, schema.safeParse(value).success]).toEqual([key, true]);
    expect(title.length * description.length).toBeGreaterThan(0);
  }
});

describe('changing a setting', () => {
  const context = () => contextOf(db, { kind: 'system', label: 'tester' });

  test('keeps who and when, and the default comes back with null', async () => {
    await updateSetting(context(), { key: 'mail.restoreDays', value: 7 });
    expect((await readSettings(db))['mail.restoreDays']).toBe(7);
    const view = (await listSettings(context(), {})).find((setting) => setting.key === 'mail.restoreDays');
    expect(view).toMatchObject({ value: 7, default: 30, changed: { by: 'tester' } });
    expect(await updateSetting(context(), { key: 'mail.restoreDays', value: null })).toMatchObject({ value: 30 });
    expect((await readSettings(db))['mail.restoreDays']).toBe(30);
    expect(await db.setting.count()).toBe(0);
  });

  test('a choice is one of its names, a list any number of entries', async () => {
    await updateSetting(context(), { key: 'connections.whenFull', value: 'refuse' });
    const networks = [' 192.0.2.0/24', '2001:DB8::/32', '', '192.0.2.0/24 '];
    await updateSetting(context(), { key: 'connections.proxyNetworks', value: networks });
    const values = await readSettings(db);
    expect(values['connections.whenFull']).toBe('refuse');
    expect(values['connections.proxyNetworks']).toEqual(['192.0.2.0/24', '2001:db8::/32']);
    const views = await listSettings(context(), {});
    expect(views.find(({ key }) => key === 'connections.whenFull')?.choices).toHaveProperty('wait');
    await updateSetting(context(), { key: 'connections.whenFull', value: null });
    await updateSetting(context(), { key: 'connections.proxyNetworks', value: null });
    expect(await db.setting.count()).toBe(0);
  });

  test('an address is kept in its one spelling, and none is none', async () => {
    await updateSetting(context(), { key: 'smtp.postmaster', value: ' Ann@BÜCHER.test ' });
    expect((await readSettings(db))['smtp.postmaster']).toBe('ann@xn--bcher-kva.test');
    await updateSetting(context(), { key: 'smtp.postmaster', value: ' ' });
    expect((await readSettings(db))['smtp.postmaster']).toBe('');
    await updateSetting(context(), { key: 'smtp.postmaster', value: null });
  });

  test.each([
    ['connections.whenFull', 'explode'],
    ['connections.whenFull', 'toString'],
    ['connections.whenFull', ['wait']],
    ['connections.proxyNetworks', '192.0.2.0/24'],
    ['connections.proxyNetworks', ['192.0.2.0/24', 'example.com']],
    ['connections.proxyNetworks', Array.from({ length: 1_001 }, (_, index) => `10.0.${index >> 8}.${index & 255}`)],
    ['connections.proxyNetworks', ['127.0.0.0/8']],
    ['smtp.postmaster', 'postmaster'],
    ['smtp.postmaster', 'ann@[192.0.2.1]'],
    ['smtp.postmaster', 'ann@here.test, ben@here.test'],
    ['smtp.postmaster', ['ann@here.test']],
    ['mail.maxMessageBytes', '1000000'],
    ['mail.maxMessageBytes', 1],
    ['mail.maxMessageBytes', 2 ** 40],
    ['mail.maxMessageBytes', 1_000_000.5],
    ['mail.maxMessageBytes', true],
    ['auth.allowClearOnLoopback', 1],
    ['queue.delayWarningHours', -1],
  ] as const)('%s to %s is refused on the field, and nothing is kept', async (key, value) => {
    const refusal = updateSetting(context(), { key, value });
    await expect(refusal).rejects.toMatchObject({ code: 'invalid', fields: { value: expect.any(String) } });
    expect(await db.setting.count()).toBe(0);
  });

  test('that does not exist is refused', async () => {
    for (const key of ['mail.unknown', '__proto__', 'toString']) {
      await expect(updateSetting(context(), { key: key as never, value: 1 })).rejects.toMatchObject({
        code: 'invalid',
      });
    }
  });
});

test('a stored value that is no longer valid, or no longer a setting, counts as not stored', async () => {
  const row = { updatedBy: 'an older version' };
  await db.setting.createMany({
    data: [
      { key: 'mail.maxRecipients', value: 'many', ...row },
      { key: 'mail.forgotten', value: 1, ...row },
    ],
  });
  const values = await readSettings(db);
  expect(values['mail.maxRecipients']).toBe(100);
  expect(Object.keys(values).toSorted()).toEqual([...SETTING_KEYS].toSorted());
  await db.setting.deleteMany();
});

test('a running process hears of a change', async () => {
  const settings = await createSettings({ pool, listenUrl: database.url });
  const heard = vi.fn();
  const stop = settings.onChange(heard);
  expect(settings.get('queue.expiryHours')).toBe(120);
  await updateSetting(contextOf(db), { key: 'queue.expiryHours', value: 48 });
  await vi.waitFor(() => expect(settings.get('queue.expiryHours')).toBe(48), { timeout: 10_000, interval: 5 });
  expect(heard).toHaveBeenCalled();
  stop();
  await settings.close();
});
