import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeHeaderValue } from '#engine/wire/mime/encoded-words.ts';
import { findHeaderValues } from '#engine/wire/mime/header-fields.ts';
import { composeAnswer } from './compose-answer.ts';
import { refuseAnswer } from './refuse-answer.ts';

const OWN = 'info@own.test';
const judge = (fields: string, sender = 'bob@sender.test') =>
  refuseAnswer({ sender, header: Buffer.from(`${fields}\r\n`), addresses: [OWN] });

describe('who is answered', () => {
  test.each([
    'To: Info <INFO@own.test>',
    'Cc: zoe@there.test, "Info" <info@own.test>',
    'To: zoe@there.test\r\nResent-To: info@own.test',
    'Auto-Submitted: no\r\nTo: info@own.test',
    'Precedence: first-class\r\nTo: info@own.test',
  ])('%j', (fields) => {
    expect(judge(fields)).toBeNull();
  });

  test.each([
    ['Subject: bcc', 'it was not written to the responder by name'],
    ['To: other@own.test', 'it was not written to the responder by name'],
    ['To: info@own.test\r\nAuto-Submitted: auto-replied', 'sent by a machine'],
    ['To: info@own.test\r\nAUTO-SUBMITTED: auto-generated (x)', 'sent by a machine'],
    ['To: info@own.test\r\nList-Id: <l.list.test>', 'sent by a list'],
    ['To: info@own.test\r\nList-Unsubscribe: <mailto:x@list.test>', 'sent by a list'],
    ['To: info@own.test\r\nPrecedence: Bulk', 'sent in bulk'],
    ['To: info@own.test\r\nX-Auto-Response-Suppress: OOF, DR', 'its sender wants no answer'],
  ])('%j is not: %s', (fields, reason) => {
    expect(judge(fields)).toBe(reason);
  });

  test.each([
    '',
    'MAILER-DAEMON@x.test',
    'owner-l@x.test',
    'l-request@x.test',
    'no-reply@x.test',
    'bounces+1=a@x.test',
    OWN,
  ])('the sender %j is not', (sender) => {
    expect(judge('To: info@own.test', sender)).not.toBeNull();
  });

  test('whatever the header is, there is a verdict', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2_000 }), fc.string(), (bytes, sender) => {
        const verdict = refuseAnswer({ sender, header: Buffer.from(bytes), addresses: [OWN] });
        expect(verdict === null || verdict.length > 0).toBe(true);
      }),
    );
  });
});

function compose(options: Partial<Parameters<typeof composeAnswer>[0]> = {}): Buffer {
  return composeAnswer({
    from: OWN,
    to: 'bob@sender.test',
    subject: '',
    body: 'We are away.\nBack on Monday.',
    header: Buffer.from('Subject: hello\r\nMessage-ID: <1@sender.test>\r\n\r\n'),
    messageId: '<2@mail.own.test>',
    date: new Date('2026-11-24T10:00:00Z'),
    ...options,
  });
}

describe('an answer', () => {
  test('says what it is and what it answers', () => {
    expect(compose().toString()).toBe(
      [
        'Date: Tue, 24 Nov 2026 10:00:00 +0000',
        'From: <info@own.test>',
        'To: <bob@sender.test>',
        'Subject: Auto: hello',
        'Message-ID: <2@mail.own.test>',
        'In-Reply-To: <1@sender.test>',
        'References: <1@sender.test>',
        'Auto-Submitted: auto-replied',
        'MIME-Version: 1.0',
        'Content-Type: text/plain; charset=utf-8',
        'Content-Transfer-Encoding: 7bit',
        '',
        'We are away.',
        'Back on Monday.',
        '',
      ].join('\r\n'),
    );
  });

  test('whatever its words and those it answers are, keeps them and its own form', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        fc.uint8Array(),
        (subject, body, raw) => {
          const header = Buffer.concat([Buffer.from('Subject: '), Buffer.from(raw), Buffer.from('\r\n')]);
          const bytes = compose({ subject, body, header });
          const text = bytes.toString('latin1');
          const end = text.indexOf('\r\n\r\n');
          const head = text.slice(0, end + 2);
          expect(head.match(/\r\n(?! )/g)).toHaveLength(head.includes('In-Reply-To') ? 11 : 9);
          for (const line of text.split('\r\n')) expect(line).toMatch(/^[\x20-\x7e]{0,78}$/);
          const plain = subject
            .toWellFormed()
            .replace(/[\p{Cc}\s]+/gu, ' ')
            .trim();
          if (plain === '') return;
          const [kept = ''] = findHeaderValues(Buffer.from(head), 'subject');
          expect(decodeHeaderValue(kept)).toBe([...plain].slice(0, 200).join(''));
        },
      ),
    );
  });
});
