import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { append, deliver, openTestStore, type TestStore } from '../testing/open-test-store.ts';
import type { Change, Folder } from '../types.ts';
import { requireFolderName, superiorsOf } from './folder-name.ts';

let t: TestStore;
let accountId: number;
let domainId: number;
let made = 0;
beforeAll(async () => {
  t = await openTestStore(inject('clusterUrl'));
});
afterAll(() => t.close());

async function newAccount(): Promise<void> {
  ({ accountId, domainId } = await t.createAccount(`f${made++}@folders.example`));
}

async function names(): Promise<string[]> {
  return (await t.store.listFolders(accountId)).map(({ name }) => name);
}

async function find(name: string): Promise<Folder> {
  const folder = await t.store.findFolder(accountId, name);
  if (!folder) throw new Error(`no folder ${name}`);
  return folder;
}

const create = (name: string): Promise<Folder> => t.store.transact(accountId, (tx) => tx.createFolder(name));
const remove = (name: string): Promise<void> => t.store.transact(accountId, (tx) => tx.deleteFolder(name));
const rename = (from: string, to: string): Promise<void> =>
  t.store.transact(accountId, (tx) => tx.renameFolder(from, to));

test.each([
  ['Entwürfe', 'Entwürfe'],
  ['A\u0308pfel', 'Äpfel'],
  ['日本語/メール', '日本語/メール'],
  ['inbox', 'INBOX'],
  ['iNbOx/sub', 'INBOX/sub'],
  ['a%b_c\\d"e\'f', 'a%b_c\\d"e\'f'],
  [' leading', ' leading'],
  ['😀', '😀'],
  ['a*b', 'a*b'],
])('%j is kept as %j', (given, kept) => {
  expect(requireFolderName(given)).toBe(kept);
});

test.each([
  '',
  '/',
  'a/',
  '/a',
  'a//b',
  'a\0b',
  'a\r\nb',
  'a\u0085',
  'a\u2028b',
  '\ud800',
  ' ',
  'a/ /b',
  'x'.repeat(513),
  `${'a/'.repeat(20)}a`,
])('%j is refused', (name) => {
  expect(() => requireFolderName(name)).toThrow(expect.objectContaining({ code: 'cannot' }));
});

test('superiors are named from the top', () => {
  expect(superiorsOf('a/b/c')).toEqual(['a', 'a/b']);
  expect(superiorsOf('a')).toEqual([]);
});

test('folders of unusual names are created with their superiors, found exactly and deleted', async () => {
  await newAccount();
  await create('a%b/c_d/\\');
  expect(await names()).toEqual(expect.arrayContaining(['a%b', 'a%b/c_d', 'a%b/c_d/\\']));
  await expect(create('a%b')).rejects.toMatchObject({ code: 'already-exists' });
  expect(await t.store.findFolder(accountId, 'A%B')).toBeUndefined();
  await rename('a%b', 'x_y');
  expect(await names()).toEqual(expect.arrayContaining(['x_y', 'x_y/c_d', 'x_y/c_d/\\']));
  await remove('x_y/c_d');
  expect(await names()).toEqual(expect.arrayContaining(['x_y', 'x_y/c_d/\\']));
  await expect(remove('nowhere')).rejects.toMatchObject({ code: 'nonexistent' });
  await expect(remove('INBOX')).rejects.toMatchObject({ code: 'cannot' });
});

test('no name ever has the same uid_validity twice, however folders are deleted, renamed and recreated', async () => {
  await newAccount();
  const seen = new Map<string, number>();
  const note = ({ name, uidValidity }: Folder): void => {
    expect(uidValidity).toBeGreaterThan(seen.get(name) ?? 0);
    seen.set(name, uidValidity);
  };
  for (let round = 0; round < 5; round++) {
    note(await create('x'));
    await create('y');
    await remove('x');
    await rename('y', 'x');
    note(await find('x'));
    await remove('x');
  }
});

test('renaming refuses a name that exists, itself below itself, and a clash of inferiors', async () => {
  await newAccount();
  await create('a/b');
  await create('c');
  await create('d/b');
  await expect(rename('a', 'c')).rejects.toMatchObject({ code: 'already-exists' });
  await expect(rename('a', 'a/x')).rejects.toMatchObject({ code: 'cannot' });
  await expect(rename('a', 'a')).rejects.toMatchObject({ code: 'already-exists' });
  await remove('d');
  await expect(rename('a', 'd')).rejects.toMatchObject({ code: 'already-exists' });
  await expect(rename('nowhere', 'z')).rejects.toMatchObject({ code: 'nonexistent' });
  await rename('a', 'new/deep/a');
  expect(await names()).toEqual(expect.arrayContaining(['new', 'new/deep', 'new/deep/a', 'new/deep/a/b']));
});

test('renaming INBOX moves its messages and leaves it empty, with its inferiors', async () => {
  await newAccount();
  await create('INBOX/below');
  await append(t.store, accountId, 'INBOX', 'X: 1\r\n\r\n', 1);
  await append(t.store, accountId, 'INBOX', 'X: 2\r\n\r\n');
  const inbox = await find('INBOX');
  const view = await t.store.openView(accountId, inbox.id);
  const told: Change['kind'][] = [];
  view.subscribe((changes) => told.push(...changes.map(({ kind }) => kind)));
  await rename('INBOX', 'old');
  expect(await find('old')).toMatchObject({ exists: 2, unseen: 1 });
  expect(await find('INBOX')).toMatchObject({ id: inbox.id, uidValidity: inbox.uidValidity, exists: 0, uidNext: 3 });
  expect(told).toEqual(['removed', 'removed']);
  expect(view.entries).toEqual([]);
  expect(await names()).toContain('INBOX/below');
  view.release();
});

test('an open view of a folder that is deleted loses its messages and is told once', async () => {
  await newAccount();
  const folder = await create('doomed');
  await append(t.store, accountId, 'doomed', 'X: 1\r\n\r\n');
  const view = await t.store.openView(accountId, folder.id);
  const told: Change[] = [];
  view.subscribe((changes) => told.push(...changes));
  await remove('doomed');
  await view.refresh();
  expect(view.entries).toEqual([]);
  expect(told).toMatchObject([
    { kind: 'removed', uid: 1 },
    { kind: 'folder', what: 'deleted', name: 'doomed' },
  ]);
  await expect(t.store.openView(accountId, folder.id)).rejects.toMatchObject({ code: 'nonexistent' });
  view.release();
  await expect(t.store.openView(accountId, folder.id)).rejects.toMatchObject({ code: 'nonexistent' });
  await expect(append(t.store, accountId, 'doomed', 'X: 1\r\n\r\n')).rejects.toMatchObject({ code: 'nonexistent' });
});

test('one account can neither open nor change what is another’s', async () => {
  await newAccount();
  const folder = await find('INBOX');
  await append(t.store, accountId, 'INBOX', 'X: 1\r\n\r\n');
  const other = (await t.createAccount(`f${made++}@folders.example`)).accountId;
  await expect(t.store.openView(other, folder.id)).rejects.toMatchObject({ code: 'nonexistent' });
  await expect(t.store.readExpungedSince(other, folder.id, 0)).rejects.toMatchObject({ code: 'nonexistent' });
  await expect(t.store.transact(other, (tx) => tx.expunge(folder.id, [1], false))).rejects.toMatchObject({
    code: 'nonexistent',
  });
  await expect(t.store.transact(other, (tx) => tx.copy(folder.id, [1], 'Sent'))).rejects.toMatchObject({
    code: 'nonexistent',
  });
  for await (const row of t.store.readRows(other, folder.id, [1], [])) throw new Error(`read ${row.uid}`);
  for await (const reader of t.store.openMessages(other, folder.id, [1])) throw new Error(`opened ${reader.uid}`);
  expect(await t.store.searchText(other, folder.id, [1], 'x', 'text')).toEqual([]);
  expect(await t.store.searchHeader(other, folder.id, [1], 'x', '')).toEqual([]);
});

test('a stranger who asks for an open folder changes nothing for its owner', async () => {
  await newAccount();
  const folder = await find('INBOX');
  const view = await t.store.openView(accountId, folder.id);
  const stranger = (await t.createAccount(`f${made++}@folders.example`)).accountId;
  await expect(t.store.openView(stranger, folder.id)).rejects.toMatchObject({ code: 'nonexistent' });
  await append(t.store, accountId, 'INBOX', 'X: 1\r\n\r\n');
  expect(view.entries).toHaveLength(1);
  view.release();
});

test('subscriptions, special uses and copies over quota', async () => {
  const account = await t.createAccount(`f${made++}@folders.example`, 50);
  accountId = account.accountId;
  await t.store.transact(accountId, (tx) => tx.setSubscribed('Junk', false));
  expect((await find('Junk')).subscribed).toBe(false);
  await expect(t.store.transact(accountId, (tx) => tx.createFolder('Outbox', '\\Sent'))).rejects.toMatchObject({
    code: 'cannot',
  });
  await append(t.store, accountId, 'Sent', 'x'.repeat(30));
  const sent = await find('Sent');
  await expect(t.store.transact(accountId, (tx) => tx.copy(sent.id, [1], 'Archive'))).rejects.toMatchObject({
    code: 'over-quota',
  });
  await t.store.transact(accountId, (tx) => tx.move(sent.id, [1], 'Sent'));
  expect(await find('Sent')).toMatchObject({ exists: 1, uidNext: 3, sizeBytes: 30 });
});

test('a hundred thousand messages: a view opens and follows, counts stay true', async () => {
  await newAccount();
  await deliver(t.intake, [{ kind: 'local', accountId, domainId, address: 'x@folders.example' }], 'X: 1\r\n\r\n');
  const inbox = await find('INBOX');
  await t.store.transact(accountId, async (tx) => {
    for (let size = 1; size < 65_536; size *= 2) {
      const all = Array.from({ length: size }, (_, at) => at + 1);
      await tx.copy(inbox.id, all, 'INBOX');
    }
  });
  const view = await t.store.openView(accountId, inbox.id);
  expect(view.entries).toHaveLength(65_536);
  const before = view.entries;
  await t.store.transact(accountId, (tx) => tx.expunge(inbox.id, [5, 60_000], false));
  expect(view.entries).toHaveLength(65_534);
  expect(before).toHaveLength(65_536);
  expect(view.indexOf(60_001)).toBe(59_998);
  expect(view.indexOf(60_000)).toBe(-1);
  view.release();
});
