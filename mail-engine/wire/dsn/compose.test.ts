import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import { expect, test } from 'vitest';
import { scanMessage } from '../mime/scanner.ts';
import { composeDsn } from './compose.ts';
import type { DsnOptions, DsnRecipient } from './types.ts';

const ORIGINAL = Buffer.from(
  'From: ann@harbour.example\r\nSubject: lost\r\nMessage-ID: <1@harbour.example>\r\n\r\nHello\r\n',
);

const FAILED: DsnRecipient = {
  finalRecipient: 'bob@kitchen.example',
  action: 'failed',
  status: '5.1.1',
  originalRecipient: 'rfc822;Bob+2BCo@Kitchen.example',
  diagnosticCode: '550 5.1.1 <bob@kitchen.example>: no such user',
  remoteMta: 'mx.kitchen.example',
  lastAttempt: new Date('2026-11-23T06:00:00Z'),
};

const OPTIONS: DsnOptions = {
  reportingMta: 'mail.harbour.example',
  envId: 'QQ+2B1',
  arrival: new Date('2026-11-22T05:00:00Z'),
  recipients: [FAILED],
  original: { kind: 'message', eightBit: false },
  originalMessageId: '<1@harbour.example>',
  from: 'Mail Delivery System <mailer-daemon@harbour.example>',
  to: '<ann@harbour.example>',
  messageId: '<dsn-1@mail.harbour.example>',
  date: new Date('2026-11-23T06:00:01Z'),
  boundary: '=_report_7f3a',
};

function compose(changes: Partial<DsnOptions> = {}, original = ORIGINAL): Buffer {
  const { head, tail } = composeDsn({ ...OPTIONS, ...changes });
  return Buffer.concat([head, original, tail]);
}

function part(bytes: Buffer, index: number): string {
  const { start, end } = scanMessage(bytes).root.children[index] ?? { start: 0, end: 0 };
  return bytes.toString('utf8', start, end);
}

test('the report is what RFC 3464 asks for', () => {
  expect(part(compose(), 1)).toBe(
    [
      'Content-Description: Delivery report',
      'Content-Type: message/delivery-status',
      '',
      'Original-Envelope-Id: QQ+1',
      'Reporting-MTA: dns; mail.harbour.example',
      'Arrival-Date: Sun, 22 Nov 2026 05:00:00 +0000',
      '',
      'Original-Recipient: rfc822; Bob+Co@Kitchen.example',
      'Final-Recipient: rfc822; bob@kitchen.example',
      'Action: failed',
      'Status: 5.1.1',
      'Remote-MTA: dns; mx.kitchen.example',
      'Diagnostic-Code: smtp; 550 5.1.1 <bob@kitchen.example>: no such user',
      'Last-Attempt-Date: Mon, 23 Nov 2026 06:00:00 +0000',
      '',
    ].join('\r\n'),
  );
});

test('people are told what happened and why', async () => {
  const mail = await simpleParser(compose());
  expect(mail.subject).toBe('Your message could not be delivered');
  expect(mail.text).toContain('<bob@kitchen.example>');
  expect(mail.text).toContain('There is no such mailbox.');
  expect(mail.text).toContain('mx.kitchen.example said: 550 5.1.1');
  expect(mail.headers.get('auto-submitted')).toBe('auto-replied');
  expect(mail.inReplyTo).toBe('<1@harbour.example>');
});

test('the original comes back byte for byte', () => {
  const bytes = compose();
  const { root } = scanMessage(bytes);
  const [human, report, original] = root.children;
  expect(root.children).toHaveLength(3);
  expect([human?.type, report?.subtype, original?.subtype]).toEqual(['text', 'delivery-status', 'rfc822']);
  expect(bytes.subarray(original?.bodyStart, original?.end)).toEqual(ORIGINAL);
  expect(original?.imapEnvelope?.subject).toBe('lost');
});

test('a header alone is text/rfc822-headers', () => {
  const bytes = compose({ original: { kind: 'header', eightBit: true } }, Buffer.from('Subject: grün\r\n'));
  const returned = scanMessage(bytes).root.children[2];
  expect(returned).toMatchObject({ type: 'text', subtype: 'rfc822-headers', encoding: '8bit' });
});

test('several recipients: a group each, the worst gives the subject', async () => {
  const until = new Date('2026-11-27T05:00:00Z');
  const late: DsnRecipient = {
    finalRecipient: 'c@x.example',
    action: 'delayed',
    status: '4.4.1',
    willRetryUntil: until,
  };
  const done: DsnRecipient = { finalRecipient: 'd@x.example', action: 'relayed', status: 'nonsense' };
  const bytes = compose({ recipients: [late, done, FAILED] });
  const report = part(bytes, 1);
  expect(report.split('\r\n\r\n')).toHaveLength(5);
  expect(report).toContain('Will-Retry-Until: Fri, 27 Nov 2026 05:00:00 +0000');
  expect(report).toContain('Action: relayed\r\nStatus: 2.0.0');
  expect((await simpleParser(bytes)).subject).toBe('Your message could not be delivered');
});

test('our own reason is not passed off as a server’s words', () => {
  const { diagnosticCode: _, ...silent } = FAILED;
  expect(part(compose({ recipients: [{ ...silent, reason: 'No route' }] }), 1)).toContain(
    'Diagnostic-Code: x-mailstead; No route',
  );
});

const UTF8: DsnRecipient = {
  ...FAILED,
  finalRecipient: 'дёма@kitchen.example',
  originalRecipient: 'utf-8;grün@x.example',
};

test('an internationalised address in an ASCII report is escaped', () => {
  const bytes = compose({ recipients: [UTF8] });
  expect(part(bytes, 1)).toContain('Original-Recipient: utf-8; gr\\x{FC}n@x.example');
  expect(part(bytes, 1)).toContain('Final-Recipient: utf-8; \\x{434}\\x{451}\\x{43C}\\x{430}@kitchen.example');
  expect(scanMessage(bytes).eightBitHeader).toBe(false);
});

test('an internationalised report is message/global', () => {
  const bytes = compose({ recipients: [UTF8], smtpUtf8: true, to: '<grün@x.example>' });
  const { root } = scanMessage(bytes);
  expect(root.children.map(({ subtype }) => subtype)).toEqual(['plain', 'global-delivery-status', 'global']);
  expect(part(bytes, 1)).toContain('Final-Recipient: utf-8; дёма@kitchen.example');
});

test('whatever strangers said: three parts, no smuggled field, no line over 998 octets', () => {
  const piece = fc.constantFrom(
    '\r\n',
    '\n',
    'X-Evil: 1',
    '\0',
    '日',
    'a',
    ' ',
    'x'.repeat(700),
    '--=_report_7f3a',
    '.',
    '\ud800',
  );
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
  const options = fc.record({
    finalRecipient: text,
    diagnosticCode: text,
    remoteMta: text,
    originalRecipient: text,
    status: text,
  });
  fc.assert(
    fc.property(options, text, fc.boolean(), (changes, envId, smtpUtf8) => {
      const bytes = compose({ recipients: [{ ...FAILED, ...changes }], envId, smtpUtf8 });
      expect(scanMessage(bytes).root.children).toHaveLength(3);
      expect(bytes.toString('latin1')).not.toMatch(/^(?:X-Evil|--=_report_7f3a[^-\r])/m);
      for (const line of bytes.toString('latin1').split('\r\n')) {
        expect(line.length).toBeLessThanOrEqual(998);
        expect(line).not.toMatch(/[\r\n\0]/);
      }
    }),
    { numRuns: 500 },
  );
});

test('the caller’s faults are refused', () => {
  expect(() => composeDsn({ ...OPTIONS, recipients: [] })).toThrow(RangeError);
  expect(() => composeDsn({ ...OPTIONS, boundary: 'a\r\nb' })).toThrow(RangeError);
});
