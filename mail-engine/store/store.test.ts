import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { append, deliver, openTestStore, readMessage, type TestStore } from './testing/open-test-store.ts';
import { Flag } from './types.ts';

let t: TestStore;
let accountId: number;
let domainId: number;
beforeAll(async () => {
  t = await openTestStore(inject('clusterUrl'));
  ({ accountId, domainId } = await t.createAccount('anna@one.example'));
});
afterAll(() => t.close());

const MESSAGE = 'From: a@b.example\r\nSubject: =?utf-8?q?H=C3=A4llo?=\r\nMessage-ID: <1@b>\r\n\r\nthe body text\r\n';

async function inboxId(): Promise<number> {
  const inbox = await t.store.findFolder(accountId, 'inbox');
  return inbox!.id;
}

test('an account has its folders, INBOX first', async () => {
  const folders = await t.store.listFolders(accountId);
  expect(folders.map(({ name }) => name)).toEqual(['INBOX', 'Archive', 'Drafts', 'Junk', 'Sent', 'Trash']);
  expect(new Set(folders.map(({ uidValidity }) => uidValidity)).size).toBe(6);
});

test('a delivered message is in INBOX with its prefix, and an open view has it', async () => {
  const folderId = await inboxId();
  const view = await t.store.openView(accountId, folderId);
  const seen: string[] = [];
  view.subscribe((changes) => seen.push(...changes.map(({ kind }) => kind)));
  const result = await deliver(
    t.intake,
    [{ kind: 'local', accountId, domainId, address: 'anna@one.example' }],
    MESSAGE,
  );
  expect(result).toMatchObject({ stored: 1, queued: 0 });
  expect(view.entries).toHaveLength(1);
  expect(seen).toEqual(['added']);
  const bytes = await readMessage(t.store, accountId, folderId, view.entries[0]!.uid);
  expect(bytes.toString()).toBe(
    `Return-Path: <sender@remote.example>\r\nDelivered-To: anna@one.example\r\nReceived: from client by test; Mon, 23 Nov 2026 00:00:00 +0000\r\n${MESSAGE}`,
  );
  view.release();
});

test('an appended message is what the client sent, with its flags', async () => {
  const { uid } = await append(t.store, accountId, 'Drafts', MESSAGE, Flag.draft | Flag.seen, ['$MDNSent']);
  const drafts = await t.store.findFolder(accountId, 'Drafts');
  expect((await readMessage(t.store, accountId, drafts!.id, uid)).toString()).toBe(MESSAGE);
  const rows = [];
  for await (const row of t.store.readRows(
    accountId,
    drafts!.id,
    [uid],
    ['imapEnvelope', 'bodyStructure', 'imapBody', 'preview'],
  ))
    rows.push(row);
  expect(rows).toMatchObject([
    { uid, flags: 17, keywords: ['$MDNSent'], size: MESSAGE.length, preview: 'the body text' },
  ]);
  expect(rows[0]!.imapEnvelope!.toString()).toContain('<1@b>');
});

test('a remote recipient becomes a queue entry', async () => {
  const result = await deliver(
    t.intake,
    [{ kind: 'remote', address: 'x@far.example', destination: 'far.example' }],
    MESSAGE,
  );
  expect(result).toMatchObject({ stored: 0, queued: 1 });
  const { rows } = await t.pool.query('SELECT recipient, destination, state FROM queue_entry');
  expect(rows).toEqual([{ recipient: 'x@far.example', destination: 'far.example', state: 'waiting' }]);
});

test('store, copy, move and expunge tell the view', async () => {
  const folderId = await inboxId();
  const view = await t.store.openView(accountId, folderId);
  const { uid } = await append(t.store, accountId, 'INBOX', MESSAGE);
  await t.store.transact(accountId, (tx) =>
    tx.storeFlags(folderId, [uid], { mode: 'add', flags: Flag.seen, keywords: ['Work'] }),
  );
  expect(view.entries.at(-1)).toMatchObject({ uid, flags: Flag.seen, keywords: ['Work'] });
  const copied = await t.store.transact(accountId, (tx) => tx.copy(folderId, [uid], 'Archive'));
  expect(copied.pairs).toEqual([[uid, 1]]);
  const moved = await t.store.transact(accountId, (tx) => tx.move(folderId, [uid], 'Trash'));
  expect(moved.pairs).toEqual([[uid, 1]]);
  expect(view.indexOf(uid)).toBe(-1);
  expect(await t.store.readExpungedSince(accountId, folderId, 0)).toEqual([uid]);
  view.release();
});

test('search finds decoded header and text', async () => {
  const folderId = await inboxId();
  const { uid } = await append(t.store, accountId, 'INBOX', MESSAGE);
  const found = await t.store.searchText(accountId, folderId, [uid], 'hällo', 'text');
  expect(found).toEqual([uid]);
  expect(await t.store.searchText(accountId, folderId, [uid], 'hällo', 'body')).toEqual([]);
  expect(await t.store.searchText(accountId, folderId, [uid], 'BODY TEXT', 'body')).toEqual([uid]);
  expect(await t.store.searchHeader(accountId, folderId, [uid], 'subject', 'HÄLL')).toEqual([uid]);
  expect(await t.store.searchHeader(accountId, folderId, [uid], 'to', '')).toEqual([]);
});
