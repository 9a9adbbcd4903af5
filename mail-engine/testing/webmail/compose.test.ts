/** Writing, saving and sending against the real engine: what a person typed and attached is neither lost nor sent twice. */
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type DraftAttachment, type DraftContent, EMPTY_DRAFT } from '#server/webmail/compose/draft.ts';
import { saveDraft } from '#server/webmail/compose/save-draft.ts';
import { sendMessage } from '#server/webmail/compose/send-message.ts';
import { reopenDraft } from '#server/webmail/compose/start-draft.ts';
import { downloadPart } from '#server/webmail/messages/download.ts';
import { listMessages } from '#server/webmail/messages/list-messages.ts';
import { openMessage } from '#server/webmail/messages/open-message.ts';
import { type Owner, openWebmail, type TestWebmail } from './open-webmail.ts';

let webmail: TestWebmail;
beforeAll(async () => {
  webmail = await openWebmail(inject('clusterUrl'));
});
afterAll(() => webmail.close());

async function* bytesOf(text: string): AsyncGenerator<Buffer> {
  yield Buffer.from(text);
}

type File = [filename: string, contentType: string, contentId?: string];

/** Each file holds `bytes of <its name>`. */
async function attach(owner: Owner, files: readonly File[]): Promise<DraftAttachment[]> {
  const attachments: DraftAttachment[] = [];
  for (const [filename, contentType, contentId = null] of files) {
    const { uploadId, sizeBytes } = await webmail.uploads.add(owner, bytesOf(`bytes of ${filename}`));
    const source = { kind: 'upload' as const, uploadId };
    attachments.push({ id: `file ${filename}`, filename, contentType, sizeBytes, contentId, source });
  }
  return attachments;
}

function draftTo(address: string, more: Partial<DraftContent> = {}): DraftContent {
  return { ...EMPTY_DRAFT, to: [{ name: '', address }], subject: 'Hello', body: '<p>Hello</p>', ...more };
}

async function readPart({ mail }: Owner, { source }: DraftAttachment): Promise<string> {
  if (source.kind !== 'part') return 'not saved';
  const chunks: Buffer[] = [];
  for await (const chunk of (await downloadPart(mail, source)).content) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

/** File name → what is in it, of what was sent last. */
async function readSent(owner: Owner, folder: string): Promise<Record<string, string>> {
  const page = await listMessages(owner.mail, { folder, offset: 0, limit: 1, query: '' }, new Date());
  const ref = { folder, uid: page.rows[0]?.uid ?? 0 };
  const { attachments } = await openMessage(owner.mail, ref);
  const contents: Record<string, string> = {};
  for (const { part, filename, contentId } of attachments) {
    const source = { kind: 'part' as const, ...ref, part };
    contents[filename] = await readPart(owner, { source } as DraftAttachment);
    if (contentId?.endsWith('.invalid')) throw new Error(`${filename} is still marked`);
  }
  return contents;
}

describe('attachments keep their own bytes', () => {
  const image = '<p>See <img src="cid:img1@x"></p>';
  test.each<[string, Partial<DraftContent>, File[]]>([
    [
      'two files',
      {},
      [
        ['a.pdf', 'application/pdf'],
        ['b.zip', 'application/zip'],
      ],
    ],
    [
      'a signature file and what it signs',
      {},
      [
        ['release.tgz.sig', 'application/pgp-signature'],
        ['release.tgz', 'application/gzip'],
      ],
    ],
    ['a signature file alone', {}, [['release.tgz.sig', 'application/pgp-signature']]],
    [
      'an S/MIME signature file alone, without a text',
      { body: '', format: 'plain' },
      [['smime.p7s', 'application/pkcs7-signature']],
    ],
    [
      'plain text with an inline image that stands last',
      { format: 'plain' },
      [
        ['contract.pdf', 'application/pdf'],
        ['photo.png', 'image/png', 'img1@x'],
      ],
    ],
    [
      'HTML with an inline image that stands last',
      { body: image },
      [
        ['contract.pdf', 'application/pdf'],
        ['photo.png', 'image/png', 'img1@x'],
      ],
    ],
    [
      'two images of one Content-ID',
      { body: image },
      [
        ['a.png', 'image/png', 'img1@x'],
        ['b.png', 'image/png', 'img1@x'],
      ],
    ],
    [
      'text and HTML files',
      {},
      [
        ['page.html', 'text/html'],
        ['notes.txt', 'text/plain'],
      ],
    ],
  ])('%s', async (title, more, files) => {
    const owner = await webmail.signIn(`files-${title.replace(/[^a-z]+/gi, '-').toLowerCase()}`);
    const content = draftTo(owner.address, { ...more, attachments: await attach(owner, files) });
    const names = files.map(([filename]) => filename).sort();
    const first = await saveDraft(owner.context, content);
    const second = await saveDraft(owner.context, { ...content, ...first });
    for (const attachment of second.attachments)
      expect(await readPart(owner, attachment)).toBe(`bytes of ${attachment.filename}`);
    const reopened = await reopenDraft(owner.mail, second.saved);
    expect(reopened.attachments.map(({ filename }) => filename).sort()).toEqual(names);
    await sendMessage(owner.context, reopened);
    const expected = Object.fromEntries(names.map((name) => [name, `bytes of ${name}`]));
    expect(await readSent(owner, 'Sent')).toEqual(expected);
    expect(await readSent(owner, 'INBOX')).toEqual(expected);
  });
});

const MESSAGE_ID = '<one@harbour.example>';

async function messageIdsIn(owner: Owner, folder: string): Promise<string[]> {
  const { rows } = await listMessages(owner.mail, { folder, offset: 0, limit: 10, query: '' }, new Date());
  const opened = await Promise.all(rows.map(({ uid }) => openMessage(owner.mail, { folder, uid })));
  return opened.map(({ messageId }) => messageId);
}

describe('saving again after an answer that was lost', () => {
  test('works while the browser still names the uploads, and keeps them until it names their parts', async () => {
    const owner = await webmail.signIn('lost-save');
    const attachments = await attach(owner, [['plan.txt', 'text/plain']]);
    const content = draftTo(owner.address, { attachments, messageId: MESSAGE_ID });
    await saveDraft(owner.context, content);
    const heard = await saveDraft(owner.context, content);
    const [{ source }] = attachments as [DraftAttachment];
    const uploadId = source.kind === 'upload' ? source.uploadId : '';
    expect((await webmail.uploads.read(owner.sessionId, uploadId)).toString()).toBe('bytes of plan.txt');
    const next = await saveDraft(owner.context, { ...content, ...heard });
    await expect(webmail.uploads.read(owner.sessionId, uploadId)).rejects.toMatchObject({ code: 'not-found' });
    expect(await readPart(owner, next.attachments[0] as DraftAttachment)).toBe('bytes of plan.txt');
  });

  test('works while the browser still names parts of the draft that was replaced', async () => {
    const owner = await webmail.signIn('lost-part');
    const attachments = await attach(owner, [['plan.txt', 'text/plain']]);
    const content = draftTo(owner.address, { attachments, messageId: MESSAGE_ID });
    const heard = { ...content, ...(await saveDraft(owner.context, content)) };
    await saveDraft(owner.context, heard);
    const again = await saveDraft(owner.context, heard);
    expect(await readPart(owner, again.attachments[0] as DraftAttachment)).toBe('bytes of plan.txt');
    await sendMessage(owner.context, heard);
    expect(await readSent(owner, 'INBOX')).toEqual({ 'plan.txt': 'bytes of plan.txt' });
  });
});

/** Between webmail and submission: once the client has sent `afterBytes`, the connection ends instead of what the server says next. */
async function startCut(target: { host: string; port: number }, afterBytes: number) {
  const server = createServer((client) => {
    const upstream = connect(target.port, target.host);
    let sent = 0;
    client.on('data', (chunk) => {
      sent += chunk.length;
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => (sent < afterBytes ? client.write(chunk) : client.destroy()));
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

describe('a composed message', () => {
  test('has one Message-ID, in Drafts, in Sent and for its recipients', async () => {
    const owner = await webmail.signIn('one-id');
    const content = draftTo(owner.address, { messageId: MESSAGE_ID });
    const { saved } = await saveDraft(owner.context, content);
    expect(await messageIdsIn(owner, 'Drafts')).toEqual([MESSAGE_ID]);
    const reopened = await reopenDraft(owner.mail, saved);
    expect(reopened.messageId).toBe(MESSAGE_ID);
    await sendMessage(owner.context, reopened);
    expect(await messageIdsIn(owner, 'Sent')).toEqual([MESSAGE_ID]);
    expect(await messageIdsIn(owner, 'INBOX')).toEqual([MESSAGE_ID]);
  });

  test('sent again because its answer was lost goes out once', async () => {
    const owner = await webmail.signIn('lost-answer');
    const attachments = await attach(owner, [['plan.txt', 'text/plain']]);
    const content = draftTo(owner.address, { attachments, messageId: MESSAGE_ID });
    const draft = { ...content, ...(await saveDraft(owner.context, content)) };
    const [first, impatient] = await Promise.all([
      sendMessage(owner.context, draft),
      sendMessage(owner.context, draft),
    ]);
    const later = await sendMessage(owner.context, draft);
    expect([impatient, later]).toEqual([first, first]);
    expect(await messageIdsIn(owner, 'INBOX')).toEqual([MESSAGE_ID]);
    expect(await messageIdsIn(owner, 'Sent')).toEqual([MESSAGE_ID]);
  });

  test('that is changed and sent after all is another message', async () => {
    const owner = await webmail.signIn('changed');
    const content = draftTo(owner.address, { messageId: MESSAGE_ID });
    await sendMessage(owner.context, content);
    await sendMessage(owner.context, { ...content, body: '<p>Hello again</p>' });
    const [second, first] = await messageIdsIn(owner, 'INBOX');
    expect(first).toBe(MESSAGE_ID);
    expect(second).not.toBe(MESSAGE_ID);
  });

  test('that the server took while its 250 was lost is said to be unclear, and goes out again only on request', async () => {
    const owner = await webmail.signIn('lost-250');
    const { submission } = owner.context;
    const cut = await startCut(submission, 200_000);
    const context = { ...owner.context, submission: { ...submission, host: 'localhost', port: cut.port } };
    const content = draftTo(owner.address, { messageId: MESSAGE_ID, body: 'x'.repeat(150_000) });
    const { saved } = await saveDraft(context, content);
    const unclear = { refused: [], kept: false, unclear: true };
    expect(await sendMessage(context, { ...content, saved })).toEqual(unclear);
    expect(await sendMessage(owner.context, { ...content, saved })).toEqual(unclear);
    await expect.poll(() => messageIdsIn(owner, 'INBOX')).toEqual([MESSAGE_ID]);
    expect(await messageIdsIn(owner, 'Drafts')).toEqual([MESSAGE_ID]);
    expect(await sendMessage(owner.context, { ...content, saved }, true)).toMatchObject({ unclear: false, kept: true });
    expect(await messageIdsIn(owner, 'INBOX')).toEqual([MESSAGE_ID, MESSAGE_ID]);
    cut.close();
  });
});
