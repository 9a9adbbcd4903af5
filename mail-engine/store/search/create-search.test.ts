import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { append, openTestStore, type TestStore } from '../testing/open-test-store.ts';
import { createSearch } from './create-search.ts';

let t: TestStore;
beforeAll(async () => {
  t = await openTestStore(inject('clusterUrl'));
});
afterAll(() => t.close());

/** Keeps searches waiting until it is released. */
async function lockSearchText() {
  const holder = await t.pool.connect();
  await holder.query('BEGIN');
  await holder.query('LOCK TABLE search_text');
  return {
    release: async () => {
      await holder.query('COMMIT');
      holder.release();
    },
  };
}

async function waiting(): Promise<number> {
  const { rows } = await t.pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%search_text%'`,
  );
  return rows[0]?.n ?? 0;
}

test('many searches at once hold three connections, and all are answered', async () => {
  const { accountId } = await t.createAccount('many@search.example');
  const inbox = (await t.store.findFolder(accountId, 'INBOX'))!;
  const { uid } = await append(t.store, accountId, 'INBOX', 'Subject: crane\r\n\r\nred\r\n');
  const lock = await lockSearchText();
  const searches = Array.from({ length: 30 }, () => t.store.searchText(accountId, inbox.id, [uid], 'crane', 'text'));
  await expect.poll(waiting).toBe(3);
  // The others are left to mail: as many as the pool has.
  await Promise.all(Array.from({ length: 20 }, () => t.store.listFolders(accountId)));
  expect(await waiting()).toBe(3);
  await lock.release();
  for (const found of await Promise.all(searches)) expect(found).toEqual([uid]);
});

test('headers are looked at in turns with others', async () => {
  const { accountId } = await t.createAccount('turns@search.example');
  const inbox = (await t.store.findFolder(accountId, 'INBOX'))!;
  const uids: number[] = [];
  for (let at = 0; at < 40; at++) uids.push((await append(t.store, accountId, 'INBOX', 'Subject: x\r\n\r\n')).uid);
  let ms = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => (ms += 20));
  expect(await t.store.searchHeader(accountId, inbox.id, uids, 'subject', 'x')).toEqual(uids);
  const asked = clock.mock.calls.length;
  clock.mockRestore();
  // Before each: whether the turn has lasted long enough.
  expect(asked).toBeGreaterThanOrEqual(uids.length);
});

test('a search that takes too long is refused, and the next one is not', async () => {
  const { accountId } = await t.createAccount('long@search.example');
  const inbox = (await t.store.findFolder(accountId, 'INBOX'))!;
  const { uid } = await append(t.store, accountId, 'INBOX', 'Subject: crane\r\n\r\nred\r\n');
  const search = createSearch(t.url, 200);
  const lock = await lockSearchText();
  await expect(search.searchText(accountId, inbox.id, [uid], 'red', 'body')).rejects.toMatchObject({ code: 'limit' });
  await lock.release();
  expect(await search.searchText(accountId, inbox.id, [uid], 'red', 'body')).toEqual([uid]);
  await search.close();
});
