import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { suspendAccounts } from '#server/accounts/suspend-accounts.ts';
import { SYSTEM } from '#server/actor/actor.ts';
import { signOut } from '#server/auth/web-session.ts';
import { type DraftContent, EMPTY_DRAFT } from '#server/webmail/compose/draft.ts';
import { removeDraft, saveDraft } from '#server/webmail/compose/save-draft.ts';
import { sendMessage } from '#server/webmail/compose/send-message.ts';
import { reopenDraft, startAnswer } from '#server/webmail/compose/start-draft.ts';
import { suggestAddresses } from '#server/webmail/compose/suggest-addresses.ts';
import { type MailEvent, watchFolders } from '#server/webmail/events/watch-folders.ts';
import { createFolder, deleteFolder, emptyFolder, renameFolder } from '#server/webmail/folders/change-folders.ts';
import { listFolders } from '#server/webmail/folders/list-folders.ts';
import {
  archiveMessages,
  deleteMessages,
  markFolderSeen,
  markMessages,
  moveMessages,
  reportJunk,
} from '#server/webmail/messages/change-messages.ts';
import { type Download, downloadPart, downloadSource } from '#server/webmail/messages/download.ts';
import { listMessages } from '#server/webmail/messages/list-messages.ts';
import { openMessage } from '#server/webmail/messages/open-message.ts';
import { readBody } from '#server/webmail/messages/read-body.ts';
import type { MessageRow } from '#server/webmail/types.ts';
import { type Owner, openWebmail, type TestWebmail, waitBriefly } from './open-webmail.ts';

let webmail: TestWebmail;
beforeAll(async () => {
  webmail = await openWebmail(inject('clusterUrl'));
});
afterAll(() => webmail.close());

const now = () => new Date();
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

async function rowsOf({ mail }: Owner, folder = 'INBOX', query = ''): Promise<MessageRow[]> {
  return (await listMessages(mail, { folder, offset: 0, limit: 100, query }, now())).rows;
}

async function subjectsOf(owner: Owner, folder = 'INBOX', query = ''): Promise<string[]> {
  return (await rowsOf(owner, folder, query)).map(({ subject }) => subject);
}

async function uidOf(owner: Owner, subject: string, folder = 'INBOX'): Promise<number> {
  const row = (await rowsOf(owner, folder)).find((candidate) => candidate.subject === subject);
  if (!row) throw new Error(`no ${subject} in ${folder}`);
  return row.uid;
}

async function readAll({ content }: Download): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of content) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const ana = { name: 'Ana Petrović', address: 'ana@elsewhere.example' };

async function deliver(owner: Owner, subject: string, more: object = {}): Promise<void> {
  await webmail.deliver({ from: ana, to: owner.address, subject, text: `About ${subject}.`, ...more });
}

describe('lists', () => {
  test('show what was delivered, newest first, with what a row needs', async () => {
    const owner = await webmail.signIn('lister');
    await deliver(owner, 'first');
    await deliver(owner, '来週の会議', {
      text: '> quoted\nおはようございます。',
      attachments: [{ filename: 'a.pdf', content: 'x' }],
    });
    const [newest, oldest] = await rowsOf(owner);
    expect(oldest?.subject).toBe('first');
    expect(newest).toMatchObject({
      subject: '来週の会議',
      preview: 'おはようございます。',
      from: [ana],
      hasAttachments: true,
      seen: false,
    });
    const inbox = (await listFolders(owner.mail)).find(({ role }) => role === 'inbox');
    expect(inbox).toMatchObject({ path: 'INBOX', total: 2, unseen: 2 });
  });

  test('have the folders people expect, in their order', async () => {
    const owner = await webmail.signIn('folders');
    expect((await listFolders(owner.mail)).map(({ role }) => role)).toEqual([
      'inbox',
      'drafts',
      'sent',
      'archive',
      'junk',
      'trash',
    ]);
  });

  test('come page by page', async () => {
    const owner = await webmail.signIn('pager');
    for (let number = 1; number <= 7; number += 1) await deliver(owner, `m${number}`);
    const page = await listMessages(owner.mail, { folder: 'INBOX', offset: 2, limit: 3, query: '' }, now());
    expect(page.total).toBe(7);
    expect(page.rows.map(({ subject }) => subject)).toEqual(['m5', 'm4', 'm3']);
  });

  test('of a folder that is not there are refused', async () => {
    const owner = await webmail.signIn('nowhere');
    await expect(rowsOf(owner, 'Nowhere')).rejects.toMatchObject({ code: 'not-found' });
  });
});

test('search understands fields, flags, quotes and negation', async () => {
  const owner = await webmail.signIn('searcher');
  await deliver(owner, 'crane on tuesday', { text: 'the red one' });
  await deliver(owner, 'crane on friday', {
    text: 'the blue one',
    attachments: [{ filename: 'plan.pdf', content: 'x' }],
  });
  await deliver(owner, 'lunch', { from: { name: 'Bo', address: 'bo@elsewhere.example' }, text: 'crane view' });
  expect((await subjectsOf(owner, 'INBOX', 'crane')).sort()).toEqual(['crane on friday', 'crane on tuesday', 'lunch']);
  expect(await subjectsOf(owner, 'INBOX', 'from:bo crane')).toEqual(['lunch']);
  expect(await subjectsOf(owner, 'INBOX', 'subject:crane red one')).toEqual(['crane on tuesday']);
  expect(await subjectsOf(owner, 'INBOX', 'subject:crane -tuesday')).toEqual(['crane on friday']);
  expect(await subjectsOf(owner, 'INBOX', 'has:attachment')).toEqual(['crane on friday']);
  expect(await subjectsOf(owner, 'INBOX', '"crane view"')).toEqual(['lunch']);
  expect(await subjectsOf(owner, 'INBOX', 'is:starred')).toEqual([]);
  expect(await subjectsOf(owner, 'INBOX', '"\\ {99999} * ) (')).toEqual([]);
});

describe('a message', () => {
  test('opens with its parts, and its HTML comes out harmless', async () => {
    const owner = await webmail.signIn('reader');
    const html =
      '<p onclick=x()>Hi <img src="cid:logo@x"><img src="https://tracker.example/a.gif"></p><script>alert(1)</script>';
    await deliver(owner, 'html', {
      html,
      attachments: [
        { filename: 'logo.png', content: PNG, cid: 'logo@x' },
        { filename: 'naïve.txt', content: 'bytes' },
      ],
    });
    const uid = await uidOf(owner, 'html');
    const opened = await openMessage(owner.mail, { folder: 'INBOX', uid });
    expect(opened).toMatchObject({ hasHtml: true, from: [ana], to: [{ address: owner.address }] });
    expect(opened.attachments.map(({ filename, inline }) => [filename, inline])).toEqual([
      ['logo.png', true],
      ['naïve.txt', false],
    ]);
    const partUrl = (part: string): string => `/part/${part}`;
    const body = await readBody(owner.mail, { folder: 'INBOX', uid }, { remoteImages: false, partUrl });
    expect(body.html).toMatch(/^<p>Hi <img src="\/part\/[\d.]+" loading="eager" \/><img \/><\/p>$/);
    expect(body.blockedImages).toBe(1);
  });

  test('gives its attachments and its source byte for byte', async () => {
    const owner = await webmail.signIn('downloader');
    const content = Buffer.from(Array.from({ length: 300_000 }, (_item, index) => (index * 31) % 256));
    await deliver(owner, 'big', {
      attachments: [
        { filename: 'big.bin', content },
        {
          filename: 'latin.txt',
          content: Buffer.from('caf\xe9\r\n', 'latin1'),
          contentType: 'text/plain; charset=iso-8859-1',
        },
      ],
    });
    const uid = await uidOf(owner, 'big');
    const ref = { folder: 'INBOX', uid };
    const [big, latin] = (await openMessage(owner.mail, ref)).attachments;
    expect((await readAll(await downloadPart(owner.mail, { ...ref, part: big?.part ?? '' }))).equals(content)).toBe(
      true,
    );
    expect(await readAll(await downloadPart(owner.mail, { ...ref, part: latin?.part ?? '' }))).toEqual(
      Buffer.from('caf\xe9\r\n', 'latin1'),
    );
    const source = await downloadSource(owner.mail, ref);
    expect(source.filename).toBe('big.eml');
    expect((await readAll(source)).length).toBe((await openMessage(owner.mail, ref)).sizeBytes);
    await expect(downloadPart(owner.mail, { ...ref, part: '9' })).rejects.toMatchObject({ code: 'not-found' });
  });

  test('that is gone is said to be gone', async () => {
    const owner = await webmail.signIn('gone');
    await expect(openMessage(owner.mail, { folder: 'INBOX', uid: 4711 })).rejects.toMatchObject({ code: 'not-found' });
  });

  test('whose download is given up gives its connection back', async () => {
    const owner = await webmail.signIn('quitter');
    await deliver(owner, 'large', { attachments: [{ filename: 'l.bin', content: Buffer.alloc(2_000_000, 1) }] });
    const uid = await uidOf(owner, 'large');
    for (let number = 0; number < 5; number += 1) {
      const { content } = await downloadSource(owner.mail, { folder: 'INBOX', uid });
      content.destroy();
    }
    expect(await subjectsOf(owner)).toEqual(['large']);
  });

  test('whose browser is gone, before or after the answer begins, gives its connection back', async () => {
    const owner = await webmail.signIn('vanished');
    await deliver(owner, 'large', { attachments: [{ filename: 'l.bin', content: Buffer.alloc(2_000_000, 1) }] });
    const ref = { folder: 'INBOX', uid: await uidOf(owner, 'large') };
    for (let number = 0; number < 5; number += 1) {
      await expect(downloadSource(owner.mail, ref, AbortSignal.abort())).rejects.toMatchObject({ code: 'unavailable' });
      const gone = new AbortController();
      const download = await downloadSource(owner.mail, ref, gone.signal);
      gone.abort();
      expect(download.content.destroyed).toBe(true);
    }
    expect(await subjectsOf(owner)).toEqual(['large']);
    expect(owner.mail.connections).toBeLessThanOrEqual(3);
  });
});

describe('moving', () => {
  test('to Trash and back leaves the message where it stood', async () => {
    const owner = await webmail.signIn('mover');
    await deliver(owner, 'old');
    await webmail.db.$executeRaw`UPDATE message SET internal_date = now() - interval '1 day'`;
    await deliver(owner, 'new');
    const outcome = await deleteMessages(owner.mail, { folder: 'INBOX', uids: [await uidOf(owner, 'old')] });
    expect(outcome).toMatchObject({ moved: 1, target: 'Trash' });
    expect(await subjectsOf(owner)).toEqual(['new']);
    const { undo } = outcome;
    if (!undo) throw new Error('no undo');
    await moveMessages(owner.mail, undo, undo.target);
    expect(await subjectsOf(owner)).toEqual(['new', 'old']);
    expect(await subjectsOf(owner, 'Trash')).toEqual([]);
  });

  test('from Trash deletes for good', async () => {
    const owner = await webmail.signIn('deleter');
    await deliver(owner, 'rubbish');
    await deleteMessages(owner.mail, { folder: 'INBOX', uids: [await uidOf(owner, 'rubbish')] });
    const outcome = await deleteMessages(owner.mail, {
      folder: 'Trash',
      uids: [await uidOf(owner, 'rubbish', 'Trash')],
    });
    expect(outcome.undo).toBeNull();
    expect(await subjectsOf(owner, 'Trash')).toEqual([]);
  });

  test('to Archive and Junk, and back from Junk', async () => {
    const owner = await webmail.signIn('filer');
    await deliver(owner, 'keep');
    await deliver(owner, 'spam');
    await archiveMessages(owner.mail, { folder: 'INBOX', uids: [await uidOf(owner, 'keep')] });
    await reportJunk(owner.mail, { folder: 'INBOX', uids: [await uidOf(owner, 'spam')] }, true);
    expect(await subjectsOf(owner, 'Archive')).toEqual(['keep']);
    await reportJunk(owner.mail, { folder: 'Junk', uids: [await uidOf(owner, 'spam', 'Junk')] }, false);
    expect(await subjectsOf(owner)).toEqual(['spam']);
  });
});

test('marks are kept and counted', async () => {
  const owner = await webmail.signIn('marker');
  await deliver(owner, 'a');
  await deliver(owner, 'b');
  const uid = await uidOf(owner, 'a');
  await markMessages(owner.mail, { folder: 'INBOX', uids: [uid] }, 'flagged', true);
  await markMessages(owner.mail, { folder: 'INBOX', uids: [uid] }, 'seen', true);
  expect(await rowsOf(owner)).toMatchObject([
    { subject: 'b', seen: false },
    { subject: 'a', seen: true, flagged: true },
  ]);
  await markMessages(owner.mail, { folder: 'INBOX', uids: [uid] }, 'flagged', false);
  await markFolderSeen(owner.mail, 'INBOX');
  expect(await rowsOf(owner)).toMatchObject([{ seen: true }, { seen: true, flagged: false }]);
});

test('folders of one’s own come, change their names and go; those with a role stay', async () => {
  const owner = await webmail.signIn('organiser');
  const path = await createFolder(owner.mail, { name: 'Häfen & Schiffe', parentPath: '' });
  const inner = await createFolder(owner.mail, { name: '港', parentPath: path });
  await expect(createFolder(owner.mail, { name: 'Häfen & Schiffe', parentPath: '' })).rejects.toMatchObject({
    code: 'conflict',
  });
  await expect(createFolder(owner.mail, { name: 'a/b', parentPath: '' })).rejects.toMatchObject({ code: 'invalid' });
  expect(await renameFolder(owner.mail, { path: inner, name: 'Hafen' })).toBe('Häfen & Schiffe/Hafen');
  await deleteFolder(owner.mail, { path: 'Häfen & Schiffe/Hafen' });
  await expect(deleteFolder(owner.mail, { path: 'INBOX' })).rejects.toMatchObject({ code: 'invalid' });
  await expect(renameFolder(owner.mail, { path: 'Sent', name: 'Away' })).rejects.toMatchObject({ code: 'invalid' });
  await expect(emptyFolder(owner.mail, { path: 'INBOX' })).rejects.toMatchObject({ code: 'invalid' });
  expect((await listFolders(owner.mail)).at(-1)).toMatchObject({ path: 'Häfen & Schiffe', role: null });
});

function draftTo(address: string, more: Partial<DraftContent> = {}): DraftContent {
  return {
    ...EMPTY_DRAFT,
    to: [{ name: '', address }],
    subject: 'Hello',
    body: '<p>Hello <strong>there</strong></p>',
    ...more,
  };
}

async function* bytesOf(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

describe('drafts', () => {
  test('replace each other and come back as they were, attachments included', async () => {
    const owner = await webmail.signIn('drafter');
    const { uploadId, sizeBytes } = await webmail.uploads.add(owner, bytesOf('the plan'));
    const attachment = {
      id: 'a1',
      filename: 'plan.txt',
      contentType: 'text/plain',
      sizeBytes,
      contentId: null,
      source: { kind: 'upload' as const, uploadId },
    };
    const content = draftTo('bo@elsewhere.example', {
      bcc: [{ name: 'Cy', address: 'cy@elsewhere.example' }],
      quote: '<blockquote>old</blockquote>',
      attachments: [attachment],
    });
    const first = await saveDraft(owner.context, content);
    const second = await saveDraft(owner.context, { ...content, ...first, subject: 'Hello again' });
    expect(await subjectsOf(owner, 'Drafts')).toEqual(['Hello again']);
    const back = await reopenDraft(owner.mail, second.saved);
    expect(back).toMatchObject({
      subject: 'Hello again',
      to: content.to,
      bcc: content.bcc,
      body: content.body,
      quote: content.quote,
      format: 'html',
    });
    const [kept] = second.attachments;
    if (kept?.source.kind !== 'part') throw new Error('not a part');
    expect((await readAll(await downloadPart(owner.mail, kept.source))).toString()).toBe('the plan');
    await removeDraft(owner.mail, second.saved);
    expect(await subjectsOf(owner, 'Drafts')).toEqual([]);
  });

  test('cannot be used to remove a letter', async () => {
    const owner = await webmail.signIn('schemer');
    await deliver(owner, 'letter');
    await removeDraft(owner.mail, { folder: 'INBOX', uid: await uidOf(owner, 'letter') });
    expect(await subjectsOf(owner)).toEqual(['letter']);
  });
});

describe('sending', () => {
  test('delivers, keeps a copy, flags what it answers, removes the draft', async () => {
    const sender = await webmail.signIn('sender');
    const reader = await webmail.signIn('recipient');
    await deliver(sender, 'question', { cc: 'cy@elsewhere.example', messageId: '<q1@elsewhere.example>' });
    const uid = await uidOf(sender, 'question');
    const answer = await startAnswer(sender.mail, sender.context.from, {
      folder: 'INBOX',
      uid,
      mode: 'reply',
      timeZone: 'UTC',
    });
    expect(answer).toMatchObject({ to: [ana], cc: [], subject: 'Re: question', inReplyTo: '<q1@elsewhere.example>' });
    expect(answer.quote).toContain('About question.');
    const content = {
      ...answer,
      to: [{ name: '', address: reader.address }],
      bcc: [{ name: '', address: sender.address }],
      body: '<p>Yes<script>x()</script></p>',
    };
    const { saved } = await saveDraft(sender.context, content);
    expect(await sendMessage(sender.context, { ...content, saved })).toEqual({
      refused: [],
      kept: true,
      unclear: false,
    });

    const received = await uidOf(reader, 'Re: question');
    const source = (await readAll(await downloadSource(reader.mail, { folder: 'INBOX', uid: received }))).toString();
    expect(source).toContain('In-Reply-To: <q1@elsewhere.example>');
    expect(source).toContain('From: The sender <sender@harbour.example>');
    expect(source).not.toMatch(/^Bcc:/im);
    expect(source).not.toContain('<script');
    const sent = await uidOf(sender, 'Re: question', 'Sent');
    expect((await openMessage(sender.mail, { folder: 'Sent', uid: sent })).bcc).toEqual(content.bcc);
    expect((await rowsOf(sender)).find(({ subject }) => subject === 'question')).toMatchObject({ answered: true });
    expect(await subjectsOf(sender, 'Drafts')).toEqual([]);
  });

  test('to nobody, and to an address that does not exist, is refused in words', async () => {
    const owner = await webmail.signIn('careless');
    await expect(sendMessage(owner.context, { ...EMPTY_DRAFT, body: 'x' })).rejects.toMatchObject({ code: 'invalid' });
    await expect(sendMessage(owner.context, draftTo('nobody@harbour.example'))).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('refused'),
    });
    expect(await subjectsOf(owner, 'Sent')).toEqual([]);
  });

  test('a forward carries attachments and inline images along', async () => {
    const owner = await webmail.signIn('forwarder');
    const html = '<p>See <img src="cid:logo@x"></p>';
    await deliver(owner, 'pictures', {
      html,
      attachments: [
        { filename: 'logo.png', content: PNG, cid: 'logo@x' },
        { filename: 'doc.txt', content: 'text' },
      ],
    });
    const uid = await uidOf(owner, 'pictures');
    const forward = await startAnswer(owner.mail, owner.context.from, {
      folder: 'INBOX',
      uid,
      mode: 'forward',
      timeZone: 'Europe/Berlin',
    });
    expect(forward.quote).toContain('src="cid:logo@x"');
    await sendMessage(owner.context, { ...forward, to: [{ name: '', address: owner.address }] });
    const copy = await uidOf(owner, 'Fwd: pictures');
    const opened = await openMessage(owner.mail, { folder: 'INBOX', uid: copy });
    expect(opened.attachments.map(({ filename, inline }) => [filename, inline])).toEqual([
      ['logo.png', true],
      ['doc.txt', false],
    ]);
    expect((await rowsOf(owner)).find(({ subject }) => subject === 'pictures')).toMatchObject({ forwarded: true });
  });

  test('suggests whom one wrote to', async () => {
    const owner = await webmail.signIn('writer');
    await sendMessage(owner.context, { ...EMPTY_DRAFT, to: [{ name: 'Priya Raman', address: owner.address }] });
    expect(await suggestAddresses(owner.mail, 'ram', now())).toEqual([{ name: 'Priya Raman', address: owner.address }]);
    expect(await suggestAddresses(owner.mail, 'zzz', now())).toEqual([]);
  });
});

async function suspend(address: string): Promise<void> {
  const { id } = await webmail.db.account.findFirstOrThrow({ where: { address } });
  await suspendAccounts({ db: webmail.db, actor: SYSTEM, now }, { ids: [String(id)] });
}

describe('a session', () => {
  test('hears of new mail as it comes', async () => {
    const owner = await webmail.signIn('listener');
    const ended = new AbortController();
    const events: MailEvent[] = [];
    const arrived = Promise.withResolvers<MailEvent>();
    const onEvent = (event: MailEvent): void => {
      events.push(event);
      if (event.type === 'watching') void deliver(owner, 'live');
      if (event.type === 'arrived') arrived.resolve(event);
    };
    const watch = watchFolders(owner.mail, {
      folders: ['INBOX'],
      onEvent,
      signal: ended.signal,
      wait: waitBriefly,
      now,
    });
    expect(await arrived.promise).toMatchObject({
      type: 'arrived',
      folder: 'INBOX',
      messages: [{ subject: 'live', from: [ana] }],
    });
    ended.abort();
    await watch;
    expect(events[0]).toEqual({ type: 'watching', folder: 'INBOX' });
  });

  test('watches no folder that does not exist, and keeps no connection for it', async () => {
    const owner = await webmail.signIn('elsewhere');
    await listFolders(owner.mail);
    const { signal } = new AbortController();
    await watchFolders(owner.mail, { folders: ['Deleted'], onEvent: () => undefined, signal, wait: waitBriefly, now });
    expect(owner.mail.connections).toBe(1);
  });

  test('that was revoked hears so, and reads nothing more', async () => {
    const owner = await webmail.signIn('revoked');
    const events: MailEvent[] = [];
    await webmail.db.webSession.update({ where: { id: owner.sessionId }, data: { revokedAt: new Date() } });
    const options = { folders: ['INBOX'], onEvent: (event: MailEvent) => events.push(event), wait: waitBriefly, now };
    await watchFolders(owner.mail, { ...options, signal: new AbortController().signal });
    expect(events).toEqual([{ type: 'signed-out' }]);
    await expect(listFolders(owner.mail)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  test.each([
    ['revoked', ({ sessionId }: Owner) => signOut({ db: webmail.db, now }, sessionId)],
    ['of a mailbox suspended', ({ address }: Owner) => suspend(address)],
  ])('%s while mail is watched hears so, and does not come back', async (name, end) => {
    const owner = await webmail.signIn(`watcher-${name.length}`);
    await listFolders(owner.mail);
    const events: MailEvent[] = [];
    const watching = Promise.withResolvers<void>();
    const onEvent = (event: MailEvent): void => {
      events.push(event);
      if (event.type === 'watching') watching.resolve();
    };
    const options = { folders: ['INBOX'], onEvent, wait: waitBriefly, now };
    const watch = watchFolders(owner.mail, { ...options, signal: new AbortController().signal });
    await watching.promise;
    expect(owner.mail.connections).toBe(2);
    await end(owner);
    await watch;
    expect(events).toEqual([{ type: 'watching', folder: 'INBOX' }, { type: 'signed-out' }]);
    await vi.waitFor(() => expect(owner.mail.connections).toBe(0), { timeout: 20_000 });
    await expect(listFolders(owner.mail)).rejects.toMatchObject({ code: 'unauthenticated' });
  });

  test('closed by signing out refuses what waits', async () => {
    const owner = await webmail.signIn('leaver');
    await listFolders(owner.mail);
    const leases = [await owner.mail.lease(), await owner.mail.lease(), await owner.mail.lease()];
    const waiting = listFolders(owner.mail);
    webmail.clients.closeSession(owner.sessionId);
    await expect(waiting).rejects.toMatchObject({ code: 'unauthenticated' });
    for (const { release } of leases) release();
    expect(owner.mail.connections).toBe(0);
  });

  test('uses no more than its connections, and a lost one is replaced', async () => {
    const owner = await webmail.signIn('busy');
    await Promise.all(Array.from({ length: 20 }, () => listFolders(owner.mail)));
    expect(owner.mail.connections).toBe(3);
    await owner.mail.run(async (client) => client.close());
    expect(await listFolders(owner.mail)).toHaveLength(6);
  });

  test('does not see what another uploaded', async () => {
    const [owner, other] = [await webmail.signIn('uploader'), await webmail.signIn('thief')];
    const { uploadId } = await webmail.uploads.add(owner, bytesOf('secret'));
    await expect(webmail.uploads.read(other.sessionId, uploadId)).rejects.toMatchObject({ code: 'not-found' });
    await webmail.uploads.closeSession(owner.sessionId);
    await expect(webmail.uploads.read(owner.sessionId, uploadId)).rejects.toMatchObject({ code: 'not-found' });
  });

  test.each([
    ['was revoked', ({ sessionId }: Owner) => signOut({ db: webmail.db, now }, sessionId)],
    ['is of a mailbox suspended', ({ address }: Owner) => suspend(address)],
  ])('that %s elsewhere leaves no uploads', async (name, end) => {
    const [owner, other] = [await webmail.signIn(`ended-${name.length}`), await webmail.signIn(`lasts-${name.length}`)];
    const ended = await webmail.uploads.add(owner, bytesOf('secret'));
    const lasts = await webmail.uploads.add(other, bytesOf('kept'));
    await end(owner);
    await webmail.uploads.sweep();
    await expect(webmail.uploads.read(owner.sessionId, ended.uploadId)).rejects.toMatchObject({ code: 'not-found' });
    expect((await webmail.uploads.read(other.sessionId, lasts.uploadId)).toString()).toBe('kept');
  });
});
