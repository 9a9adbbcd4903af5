/** Random operations on two engines at once, held against a simple model of what a folder is. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { expectClean } from '#engine/check/run-check.ts';
import type { MailStore } from './create-store.ts';
import { append, deliver, openTestStore, readMessage, type TestStore } from './testing/open-test-store.ts';
import { type FolderView, StoreError } from './types.ts';

let t: TestStore;
let other: Awaited<ReturnType<TestStore['openAnother']>>;
let made = 0;
beforeAll(async () => {
  t = await openTestStore(inject('clusterUrl'));
  other = await t.openAnother();
});
afterAll(async () => {
  await other.close();
  await t.close();
});

const FOLDERS = ['INBOX', 'Archive', 'Trash'] as const;
type FolderName = (typeof FOLDERS)[number];

/** Content and flags of each message, in uid order. */
interface ModelMessage {
  content: string;
  flags: number;
  keywords: string[];
}
type Model = Record<FolderName, ModelMessage[]>;

const folder = fc.constantFrom(...FOLDERS);
const picks = fc.array(fc.nat(30), { minLength: 1, maxLength: 5 });
const operation = fc.oneof(
  fc.record({
    kind: fc.constant('append' as const),
    folder,
    flags: fc.nat(31),
    keywords: fc.subarray(['a', 'B', 'ünï']),
  }),
  fc.record({ kind: fc.constant('deliver' as const) }),
  fc.record({
    kind: fc.constant('store' as const),
    folder,
    picks,
    mode: fc.constantFrom('add' as const, 'remove' as const, 'replace' as const),
    flags: fc.nat(31),
    keywords: fc.subarray(['a', 'B', 'c']),
  }),
  fc.record({ kind: fc.constant('expunge' as const), folder, picks, onlyDeleted: fc.boolean() }),
  fc.record({ kind: fc.constantFrom('copy' as const, 'move' as const), folder, picks, target: folder }),
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

function choose(messages: readonly ModelMessage[], wanted: readonly number[]): number[] {
  return [...new Set(wanted.filter((at) => at < messages.length))].sort((a, b) => a - b);
}

function applyFlags(message: ModelMessage, op: Extract<Operation, { kind: 'store' }>): ModelMessage {
  const lower = op.keywords.map((keyword) => keyword.toLowerCase());
  const kept = message.keywords.filter((keyword) => !lower.includes(keyword.toLowerCase()));
  if (op.mode === 'add') {
    const fresh = op.keywords.filter(
      (keyword) => !message.keywords.some((own) => own.toLowerCase() === keyword.toLowerCase()),
    );
    return { ...message, flags: message.flags | op.flags, keywords: [...message.keywords, ...fresh] };
  }
  if (op.mode === 'remove') return { ...message, flags: message.flags & ~op.flags, keywords: kept };
  return { ...message, flags: op.flags, keywords: op.keywords };
}

interface Account {
  accountId: number;
  domainId: number;
  address: string;
  ids: Record<FolderName, number>;
}

async function run(store: MailStore, intake: TestStore['intake'], account: Account, model: Model, op: Operation) {
  const { accountId, domainId, address, ids } = account;
  if (op.kind === 'append') {
    const content = `Subject: ${made++}\r\n\r\nappended`;
    await append(store, accountId, op.folder, content, op.flags, op.keywords);
    model[op.folder].push({ content, flags: op.flags, keywords: op.keywords });
    return;
  }
  if (op.kind === 'deliver') {
    const content = `Subject: ${made++}\r\n\r\ndelivered`;
    await deliver(intake, [{ kind: 'local', accountId, domainId, address }], content);
    model.INBOX.push({ content, flags: 0, keywords: [] });
    return;
  }
  const view = await store.openView(accountId, ids[op.folder]);
  const source = model[op.folder];
  const chosen = choose(source, op.picks);
  const uids = chosen.map((at) => view.entries[at]!.uid);
  view.release();
  await store.transact(accountId, async (tx) => {
    if (op.kind === 'store') await tx.storeFlags(ids[op.folder], uids, op);
    else if (op.kind === 'expunge') await tx.expunge(ids[op.folder], uids, op.onlyDeleted);
    else if (op.kind === 'copy') await tx.copy(ids[op.folder], uids, op.target);
    else await tx.move(ids[op.folder], uids, op.target);
  });
  const picked = chosen.map((at) => source[at]!);
  if (op.kind === 'store') for (const at of chosen) source[at] = applyFlags(source[at]!, op);
  if (op.kind === 'copy' || op.kind === 'move') model[op.target].push(...picked.map((message) => ({ ...message })));
  const gone =
    op.kind === 'move'
      ? picked
      : op.kind === 'expunge'
        ? picked.filter(({ flags }) => !op.onlyDeleted || flags & 8)
        : [];
  model[op.folder] = model[op.folder].filter((message) => !gone.includes(message));
}

async function newAccount(): Promise<Account> {
  const address = `m${made++}@model.example`;
  const { accountId, domainId } = await t.createAccount(address);
  const folders = await t.store.listFolders(accountId);
  const idOf = (name: string): number => folders.find((one) => one.name === name)!.id;
  return {
    accountId,
    domainId,
    address,
    ids: { INBOX: idOf('INBOX'), Archive: idOf('Archive'), Trash: idOf('Trash') },
  };
}

async function contentOf(store: MailStore, accountId: number, folderId: number, uid: number): Promise<string> {
  const bytes = (await readMessage(store, accountId, folderId, uid)).toString();
  return bytes.slice(bytes.lastIndexOf('Subject: '));
}

test('views of both engines are what the model says, whatever was done by which', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.boolean(), operation), { minLength: 5, maxLength: 25 }),
      async (operations) => {
        const account = await newAccount();
        const model: Model = { INBOX: [], Archive: [], Trash: [] };
        const views: FolderView[] = [];
        for (const { store } of [t, other]) {
          for (const name of FOLDERS) views.push(await store.openView(account.accountId, account.ids[name]));
        }
        for (const [here, op] of operations) {
          const engine = here ? t : other;
          await run(engine.store, engine.intake, account, model, op);
        }
        for (const [at, view] of views.entries()) {
          const name = FOLDERS[at % 3] as FolderName;
          await view.refresh();
          const seen = view.entries.map(({ flags, keywords }) => ({ flags, keywords: [...keywords].sort() }));
          expect(seen).toEqual(model[name].map(({ flags, keywords }) => ({ flags, keywords: [...keywords].sort() })));
          const contents = [];
          for (const { uid } of view.entries)
            contents.push(await contentOf(t.store, account.accountId, view.folder.id, uid));
          expect(contents).toEqual(model[name].map(({ content }) => content));
          view.release();
        }
        await expectClean(t.pool);
      },
    ),
    { numRuns: 15 },
  );
});

test('concurrent operations on one account end in one truth, seen alike by both engines', async () => {
  const account = await newAccount();
  const { accountId, ids, domainId, address } = account;
  const views = await Promise.all([t, other].map(({ store }) => store.openView(accountId, ids.INBOX)));
  const told = views.map((view) => {
    const uids = new Set(view.entries.map(({ uid }) => uid));
    view.subscribe((changes) => {
      for (const change of changes) {
        if (change.kind === 'added') uids.add(change.entry.uid);
        else if (change.kind === 'removed') uids.delete(change.uid);
      }
    });
    return uids;
  });
  const work = Array.from({ length: 120 }, async (_, at) => {
    const engine = at % 2 ? t : other;
    const view = views[at % 2]!;
    if (at % 3 === 0)
      return deliver(engine.intake, [{ kind: 'local', accountId, domainId, address }], `X: ${at}\r\n\r\n`);
    const uids = view.entries.slice(0, 3).map(({ uid }) => uid);
    const flags = { mode: 'add' as const, flags: 1, keywords: [`k${at}`] };
    if (at % 3 === 1) return engine.store.transact(accountId, (tx) => tx.storeFlags(ids.INBOX, uids, flags));
    return engine.store.transact(accountId, (tx) => tx.move(ids.INBOX, uids.slice(0, 1), 'Archive'));
  });
  await Promise.all(work);
  await Promise.all(views.map((view) => view.refresh()));
  const { rows } = await t.pool.query(
    'SELECT uid, modseq, flags, keywords FROM message WHERE account_id = $1 AND folder_id = $2 ORDER BY uid',
    [accountId, ids.INBOX],
  );
  for (const view of views) expect(view.entries).toEqual(rows);
  for (const uids of told) expect([...uids].sort((a, b) => a - b)).toEqual(rows.map(({ uid }) => uid));
  for (const view of views) view.release();
});

test('another engine is told of a change without asking', async () => {
  const { accountId, ids } = await newAccount();
  const view = await other.store.openView(accountId, ids.INBOX);
  const told = new Promise<string>((resolve) => {
    view.subscribe((changes) => resolve(changes[0]!.kind));
  });
  const fed = new Promise<string>((resolve) => {
    other.store.subscribe(accountId, (changes) => resolve(changes[0]!.kind));
  });
  await append(t.store, accountId, 'INBOX', 'X: 1\r\n\r\n');
  expect(await told).toBe('added');
  await t.store.transact(accountId, (tx) => tx.createFolder('New'));
  expect(['added', 'folder']).toContain(await fed);
  view.release();
});

test('UNCHANGEDSINCE fails exactly those that changed since, and what does not change keeps its modseq', async () => {
  const { accountId, ids } = await newAccount();
  const first = await append(t.store, accountId, 'INBOX', 'X: 1\r\n\r\n');
  const second = await append(t.store, accountId, 'INBOX', 'X: 2\r\n\r\n');
  const view = await t.store.openView(accountId, ids.INBOX);
  const since = view.folder.highestModseq;
  const seen = { mode: 'add' as const, flags: 1, keywords: [] };
  await other.store.transact(accountId, (tx) => tx.storeFlags(ids.INBOX, [first.uid], seen));
  const result = await t.store.transact(accountId, (tx) =>
    tx.storeFlags(ids.INBOX, [first.uid, second.uid], seen, since),
  );
  expect(result.failed).toEqual([first.uid]);
  expect(result.updated.map(({ uid }) => uid)).toEqual([second.uid]);
  const again = await t.store.transact(accountId, (tx) => tx.storeFlags(ids.INBOX, [second.uid], seen));
  expect(again.updated).toEqual(result.updated);
  view.release();
});

test('a transaction whose caller throws leaves nothing and tells nobody', async () => {
  const { accountId, ids } = await newAccount();
  const { uid } = await append(t.store, accountId, 'INBOX', 'X: 1\r\n\r\n');
  const view = await t.store.openView(accountId, ids.INBOX);
  let told = 0;
  view.subscribe(() => {
    told += 1;
  });
  const failing = t.store.transact(accountId, async (tx) => {
    await tx.expunge(ids.INBOX, [uid], false);
    throw new StoreError('cannot', 'changed my mind');
  });
  await expect(failing).rejects.toMatchObject({ code: 'cannot' });
  await view.refresh();
  expect(told).toBe(0);
  expect(view.entries.map((entry) => entry.uid)).toEqual([uid]);
  view.release();
});

test('a transaction whose connection is killed is refused as unavailable and leaves nothing', async () => {
  const { accountId, ids } = await newAccount();
  const { uid } = await append(t.store, accountId, 'INBOX', 'X: 1\r\n\r\n');
  const killed = t.store.transact(accountId, async (tx) => {
    await tx.storeFlags(ids.INBOX, [uid], { mode: 'add', flags: 1, keywords: [] });
    await t.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND state = 'idle in transaction' AND pid <> pg_backend_pid()`,
    );
    await tx.expunge(ids.INBOX, [uid], false);
  });
  await expect(killed).rejects.toMatchObject({ name: 'StoreError', code: 'unavailable' });
  const view = await t.store.openView(accountId, ids.INBOX);
  expect(view.entries).toMatchObject([{ uid, flags: 0 }]);
  view.release();
});
