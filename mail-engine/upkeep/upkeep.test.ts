import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { runCheck } from '#engine/check/run-check.ts';
import { append, deliver, openTestStore, type TestStore } from '#engine/store/testing/open-test-store.ts';
import { indexBatch } from './index-messages.ts';
import { pruneExpunged } from './prune-expunged.ts';
import { purgeAccount, purgeDue } from './purge-account.ts';
import { startUpkeep } from './start-upkeep.ts';
import { sweepBlobs } from './sweep-blobs.ts';

let t: TestStore;
beforeAll(async () => {
  t = await openTestStore(inject('clusterUrl'));
});
afterAll(() => t.close());

const NOW = { graceMs: 0, pendingMs: 0 };

async function count(table: string, where = 'true', values: unknown[] = []): Promise<number> {
  const { rows } = await t.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table} WHERE ${where}`, values);
  return rows[0]!.n;
}

async function indexAll(): Promise<void> {
  while (
    (await indexBatch(t.pool, (error) => {
      throw error;
    })) > 0
  );
}

test('bytes go with their last referrer, and not before', async () => {
  const { accountId } = await t.createAccount('sweep@upkeep.example');
  const sent = (await t.store.findFolder(accountId, 'Sent'))!;
  const { uid } = await append(t.store, accountId, 'Sent', 'Subject: s\r\n\r\nswept\r\n');
  await t.store.transact(accountId, (tx) => tx.copy(sent.id, [uid], 'Archive'));
  await t.store.transact(accountId, (tx) => tx.expunge(sent.id, [uid], false));
  await sweepBlobs(t.pool, NOW);
  expect(await count('blob')).toBe(1);
  await t.store.transact(accountId, (tx) => tx.deleteFolder('Archive'));
  expect(await sweepBlobs(t.pool, { ...NOW, graceMs: 3_600_000 })).toBe(0);
  expect(await sweepBlobs(t.pool, NOW)).toBe(1);
  expect(await count('blob')).toBe(0);
  expect(await count('blob_chunk')).toBe(0);
  expect(await count('released_blob')).toBe(0);
});

test('a blob that is being copied, or is queued, is kept', async () => {
  const account = await t.createAccount('busy@upkeep.example');
  const { accountId } = account;
  const inbox = (await t.store.findFolder(accountId, 'INBOX'))!;
  await deliver(
    t.intake,
    [
      { kind: 'local', ...account, address: 'busy@upkeep.example' },
      { kind: 'remote', address: 'x@far.example', destination: 'far.example' },
    ],
    'Subject: q\r\n\r\n',
  );
  await t.store.transact(accountId, (tx) => tx.expunge(inbox.id, [1], false));
  expect(await sweepBlobs(t.pool, NOW)).toBe(0);

  const { uid } = await append(t.store, accountId, 'INBOX', 'Subject: c\r\n\r\n');
  let sweptMeanwhile = -1;
  await t.store.transact(accountId, async (tx) => {
    await tx.copy(inbox.id, [uid], 'Archive');
    await t.pool.query('INSERT INTO released_blob (blob_id) SELECT blob_id FROM message WHERE account_id = $1', [
      accountId,
    ]);
    sweptMeanwhile = await sweepBlobs(t.pool, NOW);
    await tx.expunge(inbox.id, [uid], false);
  });
  expect(sweptMeanwhile).toBe(0);
  expect(await sweepBlobs(t.pool, NOW)).toBe(0);
  expect(await runCheck(t.pool, { repair: false, deep: true })).toEqual([]);
});

test('sweeping under load never takes what is in use', async () => {
  const { accountId } = await t.createAccount('load@upkeep.example');
  const inbox = (await t.store.findFolder(accountId, 'INBOX'))!;
  let working = true;
  const sweeping = (async () => {
    while (working) await sweepBlobs(t.pool, { graceMs: 0, batch: 3 });
  })();
  for (let at = 0; at < 40; at++) {
    const { uid } = await append(t.store, accountId, 'INBOX', `Subject: ${at}\r\n\r\n`);
    const moved = await t.store.transact(accountId, (tx) => tx.move(inbox.id, [uid], 'Trash'));
    const trash = (await t.store.findFolder(accountId, 'Trash'))!;
    const target = moved.pairs[0]![1];
    await t.store.transact(accountId, async (tx) => {
      if (at % 2) await tx.expunge(trash.id, [target], false);
      else await tx.copy(trash.id, [target], 'INBOX');
    });
  }
  working = false;
  await sweeping;
  await sweepBlobs(t.pool, { graceMs: 0 });
  expect(await count('message', 'account_id = $1', [accountId])).toBe(40);
  expect(await runCheck(t.pool, { repair: false, deep: true })).toEqual([]);
});

test('a pending blob whose writer is gone is swept, and a writer that was swept is refused', async () => {
  const { accountId } = await t.createAccount('pending@upkeep.example');
  const writer = await t.store.append(accountId, 'Sent', {
    flags: 0,
    keywords: [],
    internalDate: new Date(),
    sizeBytes: 3e6,
  });
  for (let at = 0; at < 20; at++) await writer.write(Buffer.alloc(100_000, 'p'));
  expect(await count('blob', 'NOT ready')).toBe(1);
  await delay(1);
  expect(await sweepBlobs(t.pool, { graceMs: 3_600_000, pendingMs: 0 })).toBe(1);
  await expect(
    (async () => {
      for (let at = 0; at < 10; at++) await writer.write(Buffer.alloc(100_000, 'p'));
      await writer.commit();
    })(),
  ).rejects.toThrow();
  expect(await count('message', 'account_id = $1', [accountId])).toBe(0);
  expect(await count('blob_chunk c', 'NOT EXISTS (SELECT 1 FROM blob b WHERE b.id = c.blob_id)')).toBe(0);
});

test('search says the same before and after indexing, for every kind of needle', async () => {
  const { accountId } = await t.createAccount('search@upkeep.example');
  const long = 'lorem ipsum '.repeat(120_000);
  const bodies = [
    'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n\r\nplain 100% text_with_marks\r\n',
    'Subject: two\r\nContent-Type: text/html; charset=iso-8859-1\r\nContent-Transfer-Encoding: base64\r\n\r\n' +
      `${Buffer.from('<p>Stra\u00dfe &amp; Caf\u00e9</p>', 'latin1').toString('base64')}\r\n`,
    'Subject: \u65e5\u672c\u8a9e\r\n\r\n\u3053\u3093\u306b\u3061\u306f\\ back\\slash\r\n',
    `Subject: long\r\n\r\n${long}needle at the end\r\n`,
  ];
  const uids: number[] = [];
  for (const body of bodies) uids.push((await append(t.store, accountId, 'INBOX', body)).uid);
  const inbox = (await t.store.findFolder(accountId, 'INBOX'))!;
  const needles = [
    'grüße',
    'GRÜ',
    '100%',
    'text_with',
    'textXwith',
    'straße',
    'CAFÉ',
    '日本',
    'こんに',
    '\\slash',
    'needle at',
    'two',
    'subject',
    'x',
    '',
    'nowhere',
  ];
  const search = async (): Promise<unknown[]> => {
    const results = [];
    for (const needle of needles) {
      for (const where of ['text', 'body'] as const)
        results.push(await t.store.searchText(accountId, inbox.id, uids, needle, where));
    }
    return results;
  };
  const before = await search();
  expect(before[0]).toEqual([uids[0]]);
  expect(before[1]).toEqual([]);
  await indexAll();
  expect(await count('search_text', 'account_id = $1', [accountId])).toBe(4);
  expect(await search()).toEqual(before);
  await t.pool.query('UPDATE search_text SET text = text || $2 WHERE account_id = $1', [
    accountId,
    ' only in the index',
  ]);
  expect(await t.store.searchText(accountId, inbox.id, uids, 'only in the index', 'body')).toEqual(uids);
});

test('removals are forgotten by age, and a client from before is told of all that is not there', async () => {
  const { accountId } = await t.createAccount('prune@upkeep.example');
  const inbox = (await t.store.findFolder(accountId, 'INBOX'))!;
  for (let at = 0; at < 4; at++) await append(t.store, accountId, 'INBOX', `X: ${at}\r\n\r\n`);
  const known = (await t.store.findFolder(accountId, 'INBOX'))!.highestModseq;
  await t.store.transact(accountId, (tx) => tx.expunge(inbox.id, [2], false));
  const view = await t.store.openView(accountId, inbox.id);
  await t.pool.query(`UPDATE expunged SET at = now() - interval '90 days'`);
  await t.store.transact(accountId, (tx) => tx.expunge(inbox.id, [3], false));
  await pruneExpunged(t.pool, 30 * 86_400_000);
  expect(await count('expunged', 'account_id = $1', [accountId])).toBe(1);
  expect(await t.store.readExpungedSince(accountId, inbox.id, known)).toEqual([2, 3]);
  expect(await t.store.readExpungedSince(accountId, inbox.id, known + 1)).toEqual([3]);
  await view.refresh();
  expect(view.entries.map(({ uid }) => uid)).toEqual([1, 4]);
  view.release();
});

test('an account is purged when its time is over, not before, and takes its bytes with it', async () => {
  const gone = await t.createAccount('gone@purge.example');
  const kept = await t.createAccount('kept@purge.example');
  const recipients = [
    { kind: 'local' as const, ...gone, address: 'gone@purge.example' },
    { kind: 'local' as const, ...kept, address: 'kept@purge.example' },
  ];
  for (let at = 0; at < 5; at++) await deliver(t.intake, recipients.slice(0, at % 2 ? 1 : 2), `X: ${at}\r\n\r\n`);
  const now = new Date();
  expect(await purgeAccount(t.pool, gone.accountId, now)).toBe(false);
  await t.pool.query('UPDATE account SET deleted_at = $2, purge_after = $3 WHERE id = $1', [
    gone.accountId,
    now,
    new Date(now.getTime() + 1000),
  ]);
  await purgeDue(t.pool, now);
  expect(await count('message', 'account_id = $1', [gone.accountId])).toBe(5);
  await purgeDue(t.pool, new Date(now.getTime() + 2000));
  expect(await count('message', 'account_id = $1', [gone.accountId])).toBe(0);
  expect(await count('account', 'id = $1', [gone.accountId])).toBe(0);
  expect(await count('message', 'account_id = $1', [kept.accountId])).toBe(3);
  await sweepBlobs(t.pool, NOW);
  expect(await count('message m JOIN blob b ON b.id = m.blob_id', 'm.account_id = $1', [kept.accountId])).toBe(3);

  await t.pool.query('UPDATE account SET deleted_at = $2, purge_after = $2 WHERE id = $1', [kept.accountId, now]);
  await t.pool.query(`UPDATE domain SET deleted_at = $1, purge_after = $1 WHERE name = 'purge.example'`, [now]);
  await purgeDue(t.pool, new Date(now.getTime() + 1));
  expect(await count('domain', `name = 'purge.example'`)).toBe(0);
});

const ENDED = AbortSignal.abort();

test('what is told to end leaves the rest to the next run', async () => {
  const { accountId } = await t.createAccount('ended@upkeep.example');
  const inbox = (await t.store.findFolder(accountId, 'INBOX'))!;
  await append(t.store, accountId, 'INBOX', 'Subject: ended\r\n\r\n');
  const unread = await count('blob', 'indexed_at IS NULL');
  const onError = (error: unknown): void => {
    throw error;
  };
  expect(await indexBatch(t.pool, onError, { signal: ENDED })).toBe(0);
  expect(await count('blob', 'indexed_at IS NULL')).toBe(unread);
  await t.store.transact(accountId, (tx) => tx.expunge(inbox.id, [1], false));
  expect(await sweepBlobs(t.pool, { ...NOW, signal: ENDED })).toBe(0);
  await pruneExpunged(t.pool, 0, ENDED);
  expect(await count('expunged', 'account_id = $1', [accountId])).toBe(1);
  expect(await sweepBlobs(t.pool, NOW)).toBeGreaterThan(0);
});

test('closing ends a purge between two accounts', async () => {
  const due = [await t.createAccount('first@closing.example'), await t.createAccount('second@closing.example')];
  await t.pool.query(
    `UPDATE account SET deleted_at = now(), purge_after = now() - interval '1 hour' WHERE id = ANY($1)`,
    [due.map(({ accountId }) => accountId)],
  );
  const holder = await t.pool.connect();
  await holder.query('BEGIN');
  await holder.query('SELECT FROM account_usage WHERE account_id = $1 FOR NO KEY UPDATE', [due[0]!.accountId]);
  const upkeep = startUpkeep({ pool: t.pool });
  const waits = `wait_event_type = 'Lock' AND query LIKE '%purge_after%' AND datname = current_database()`;
  await expect.poll(() => count('pg_stat_activity', waits)).toBe(1);
  const closed = upkeep.close();
  await holder.query('COMMIT');
  holder.release();
  await closed;
  expect(await count('account', `address LIKE '%@closing.example'`)).toBe(1);
});

test('upkeep runs by itself and ends when asked', async () => {
  const { accountId } = await t.createAccount('auto@upkeep.example');
  await append(t.store, accountId, 'INBOX', 'Subject: indexed by itself\r\n\r\n');
  const upkeep = startUpkeep({ pool: t.pool });
  await expect.poll(() => count('search_text', 'account_id = $1', [accountId])).toBe(1);
  await upkeep.close();
});
