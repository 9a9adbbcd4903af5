import { describe, expect, test } from 'vitest';
import { EMPTY_DRAFT } from './draft.ts';
import { createSendings, digestDraft, type SendOutcome } from './sendings.ts';

const SENT: SendOutcome = { refused: [], kept: true, unclear: false };
const UNCLEAR: SendOutcome = { refused: [], kept: false, unclear: true };

function openSendings() {
  const went: string[] = [];
  let today = 0;
  const sendings = createSendings({ now: () => new Date(today * 24 * 3_600_000) });
  const send = (digest: string, outcome: SendOutcome | Promise<SendOutcome> = SENT, more = {}) =>
    sendings.once(
      { account: 'a@x.example', messageId: '<1@x>', digest, again: false, createMessageId: () => '<2@x>', ...more },
      async (messageId) => {
        went.push(`${digest} ${messageId}`);
        return outcome;
      },
    );
  return { went, send, passDays: (days: number) => (today += days) };
}

describe('a message', () => {
  test('that went out is not sent again', async () => {
    const { went, send } = openSendings();
    await send('text', { ...SENT, refused: ['b@x.example'] });
    expect(await send('text')).toEqual({ ...SENT, refused: ['b@x.example'] });
    expect(went).toEqual(['text <1@x>']);
  });

  test('that is under way answers both who sent it', async () => {
    const { went, send } = openSendings();
    const answer = Promise.withResolvers<SendOutcome>();
    const both = [send('text', answer.promise), send('text')];
    answer.resolve(SENT);
    expect(await Promise.all(both)).toEqual([SENT, SENT]);
    expect(went).toEqual(['text <1@x>']);
  });

  test('that was changed after it went out is another message, once', async () => {
    const { went, send } = openSendings();
    await Promise.all([send('text'), send('changed'), send('changed')]);
    expect(went).toEqual(['text <1@x>', 'changed <2@x>']);
  });

  test('that was refused is sent again', async () => {
    const { went, send } = openSendings();
    await expect(send('text', Promise.reject(new Error('full')))).rejects.toThrow('full');
    expect(await send('text')).toEqual(SENT);
    expect(went).toEqual(['text <1@x>', 'text <1@x>']);
  });

  test('whose outcome is not known goes out again when the person says so, under the name it had', async () => {
    const { went, send } = openSendings();
    await send('text', UNCLEAR);
    expect(await send('text')).toEqual(UNCLEAR);
    expect(went).toHaveLength(1);
    expect(await send('text', SENT, { again: true })).toEqual(SENT);
    expect(await send('text')).toEqual(SENT);
    expect(went).toEqual(['text <1@x>', 'text <1@x>']);
  });

  test('of another account is another message; after a day nothing is known of it', async () => {
    const { went, send, passDays } = openSendings();
    await send('text');
    await send('text', SENT, { account: 'b@x.example' });
    passDays(2);
    await send('text');
    expect(went).toHaveLength(3);
  });
});

test('a digest tells what recipients get, not where attachments lie meanwhile', () => {
  const from = { name: '', address: 'a@x.example' };
  const file = { id: '1', filename: 'a.txt', contentType: 'text/plain', sizeBytes: 1, contentId: null };
  const upload = { ...file, source: { kind: 'upload' as const, uploadId: 'u' } };
  const part = { ...file, source: { kind: 'part' as const, folder: 'Drafts', uid: 1, part: '2' } };
  const digest = digestDraft(from, { ...EMPTY_DRAFT, attachments: [upload] });
  expect(digestDraft(from, { ...EMPTY_DRAFT, attachments: [part], saved: { folder: 'Drafts', uid: 1 } })).toBe(digest);
  expect(digestDraft(from, { ...EMPTY_DRAFT, attachments: [{ ...upload, id: '2' }] })).not.toBe(digest);
  expect(digestDraft(from, { ...EMPTY_DRAFT, attachments: [upload], body: 'x' })).not.toBe(digest);
});
