/** Writing, saving and sending against the real engine: what a person typed and attached is neither lost nor sent twice. */
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
async function attach({ sessionId }: Owner, files: readonly File[]): Promise<DraftAttachment[]> {
  const attachments: DraftAttachment[] = [];
  for (const [filename, contentType, contentId = null] of files) {
    const { uploadId, sizeBytes } = await webmail.uploads.add(sessionId, bytesOf(`bytes of ${filename}`));
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
