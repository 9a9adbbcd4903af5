/** imapflow, the client that webmail uses, over TLS against the real service. */
import { once } from 'node:events';
import { ImapFlow } from 'imapflow';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { append, deliver } from '#engine/store/testing/open-test-store.ts';
import { type ImapServer, openImapServer, PASSWORD } from './testing/open-imap-server.ts';

let server: ImapServer;
let client: ImapFlow;
beforeAll(async () => {
  server = await openImapServer(inject('clusterUrl'));
  client = await connect();
});
afterAll(async () => {
  await client.logout();
  await server.close();
});

const MESSAGE = [
  'From: Bob <bob@far.example>',
  'To: anna@one.example',
  'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=',
  'Message-ID: <1@far.example>',
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'Hello there',
  '--b',
  'Content-Type: application/octet-stream; name="data.bin"',
  'Content-Disposition: attachment; filename="data.bin"',
  'Content-Transfer-Encoding: base64',
  '',
  Buffer.alloc(3000, 7).toString('base64').replace(/.{76}/g, '$&\r\n'),
  '--b--',
  '',
].join('\r\n');

async function connect(): Promise<ImapFlow> {
  const made = new ImapFlow({
    host: '127.0.0.1',
    port: server.tlsPort,
    secure: true,
    tls: { rejectUnauthorized: false },
    auth: { user: server.address, pass: PASSWORD },
    logger: false,
  });
  await made.connect();
  return made;
}

test('lists folders with their uses and counts', async () => {
  await append(server.store, server.accountId, 'Archive', MESSAGE);
  const folders = await client.list({
    statusQuery: { messages: true, unseen: true, uidNext: true, highestModseq: true },
  });
  const archive = folders.find((folder) => folder.path === 'Archive');
  expect(archive?.status).toMatchObject({ messages: 1, unseen: 1, uidNext: 2 });
  const uses = Object.fromEntries(folders.map((folder) => [folder.path, folder.specialUse]));
  expect(uses).toEqual({
    INBOX: '\\Inbox',
    Archive: '\\Archive',
    Drafts: '\\Drafts',
    Junk: '\\Junk',
    Sent: '\\Sent',
    Trash: '\\Trash',
  });
});

test('appends, fetches, searches, flags, copies, moves and deletes', async () => {
  const appended = await client.append('INBOX', MESSAGE, ['\\Seen', '$Label1'], new Date('2026-01-02T03:04:05Z'));
  expect(appended).toMatchObject({ destination: 'INBOX' });
  const uid = (appended as { uid: number }).uid;
  const lock = await client.getMailboxLock('INBOX');
  try {
    const found = await client.fetchOne(
      `${uid}`,
      {
        envelope: true,
        bodyStructure: true,
        flags: true,
        internalDate: true,
        size: true,
        threadId: true,
        source: true,
      },
      { uid: true },
    );
    if (!found) throw new Error('not found');
    expect(found.envelope?.subject).toBe('Gr\u00fc\u00dfe');
    expect(found.envelope?.from?.[0]).toMatchObject({ name: 'Bob', address: 'bob@far.example' });
    expect(found.flags).toEqual(new Set(['\\Seen', '$Label1']));
    expect(found.size).toBe(MESSAGE.length);
    expect(found.source?.toString()).toBe(MESSAGE);
    expect(found.bodyStructure?.childNodes?.map((node) => node.type)).toEqual([
      'text/plain',
      'application/octet-stream',
    ]);
    expect(new Date(found.internalDate ?? 0).toISOString()).toBe('2026-01-02T03:04:05.000Z');

    const { content, meta } = await client.download(`${uid}`, '2', { uid: true });
    const pieces: Buffer[] = [];
    for await (const piece of content ?? []) pieces.push(piece as Buffer);
    expect(Buffer.concat(pieces).equals(Buffer.alloc(3000, 7))).toBe(true);
    expect(meta?.filename).toBe('data.bin');

    expect(await client.search({ subject: 'gr\u00fc\u00dfe' }, { uid: true })).toEqual([uid]);
    expect(await client.search({ seen: false }, { uid: true })).toEqual([]);
    expect(await client.search({ or: [{ from: 'nobody' }, { body: 'hello' }] }, { uid: true })).toEqual([uid]);

    expect(await client.messageFlagsAdd(`${uid}`, ['\\Flagged'], { uid: true })).toBe(true);
    expect(await client.messageFlagsRemove(`${uid}`, ['$Label1'], { uid: true })).toBe(true);
    const flagged = await client.fetchOne(`${uid}`, { flags: true }, { uid: true });
    expect((flagged || undefined)?.flags).toEqual(new Set(['\\Seen', '\\Flagged']));

    const copied = await client.messageCopy(`${uid}`, 'Archive', { uid: true });
    expect((copied || undefined)?.uidMap?.get(uid)).toBe(2);
    const moved = await client.messageMove(`${uid}`, 'Trash', { uid: true });
    expect((moved || undefined)?.uidMap?.get(uid)).toBe(1);
    expect(await client.search({ all: true })).toEqual([]);
  } finally {
    lock.release();
  }
});

test('creates, renames and deletes folders with names of any script', async () => {
  expect(await client.mailboxCreate(['Projekte', '\u53f0\u5317'])).toMatchObject({
    path: 'Projekte/\u53f0\u5317',
    created: true,
  });
  await client.mailboxRename('Projekte/\u53f0\u5317', 'Projekte/Entw\u00fcrfe & mehr');
  const paths = (await client.list()).map((folder) => folder.path);
  expect(paths).toContain('Projekte/Entw\u00fcrfe & mehr');
  await client.mailboxDelete('Projekte/Entw\u00fcrfe & mehr');
  expect((await client.list()).map((folder) => folder.path)).not.toContain('Projekte/Entw\u00fcrfe & mehr');
});

test('hears of a delivery while it idles', async () => {
  const lock = await client.getMailboxLock('INBOX');
  lock.release();
  const exists = once(client, 'exists');
  const idling = client.idle();
  const { accountId, domainId, address } = server;
  await deliver(server.intake, [{ kind: 'local', accountId, domainId, address }], MESSAGE);
  const [event] = (await exists) as [{ path: string; count: number; prevCount: number }];
  expect(event).toMatchObject({ path: 'INBOX', count: 1, prevCount: 0 });
  await client.noop();
  await idling;
});

test('reads the quota', async () => {
  expect(await client.getQuota('INBOX')).toMatchObject({ path: 'INBOX' });
});
