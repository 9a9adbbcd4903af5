import { expect, test } from 'vitest';
import { renderBodies, renderEnvelope } from './imap-structure.ts';
import { scanMessage } from './scanner.ts';

function facts(...lines: string[]): ReturnType<typeof scanMessage> {
  return scanMessage(Buffer.from(lines.join('\r\n')));
}

/** The message of RFC 3501 §8, whose ENVELOPE and BODY stand there. */
const RFC_3501 = facts(
  'Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)',
  'From: Terry Gray <gray@cac.washington.edu>',
  'Subject: IMAP4rev1 WG mtg summary and minutes',
  'To: imap@cac.washington.edu',
  'cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>',
  'Message-Id: <B27397-0100000@cac.washington.edu>',
  'MIME-Version: 1.0',
  'Content-Type: TEXT/PLAIN; CHARSET=US-ASCII',
  '',
  ...Array.from({ length: 91 }, () => 'x'.repeat(31)),
  'x'.repeat(23),
  '',
);

test('ENVELOPE and BODY of RFC 3501 §8', () => {
  expect(renderEnvelope(RFC_3501.imapEnvelope)).toBe(
    '("Wed, 17 Jul 1996 02:23:25 -0700 (PDT)" "IMAP4rev1 WG mtg summary and minutes" ' +
      '(("Terry Gray" NIL "gray" "cac.washington.edu")) (("Terry Gray" NIL "gray" "cac.washington.edu")) ' +
      '(("Terry Gray" NIL "gray" "cac.washington.edu")) ((NIL NIL "imap" "cac.washington.edu")) ' +
      '((NIL NIL "minutes" "CNRI.Reston.VA.US")("John Klensin" NIL "KLENSIN" "MIT.EDU")) NIL NIL ' +
      '"<B27397-0100000@cac.washington.edu>")',
  );
  expect(renderBodies(RFC_3501.root).body).toBe('("TEXT" "PLAIN" ("CHARSET" "US-ASCII") NIL NIL "7BIT" 3028 92)');
});

test('BODYSTRUCTURE of a multipart with extension data', () => {
  const { root } = facts(
    'Content-Type: multipart/mixed; boundary="b"',
    'Content-Language: en, de',
    '',
    '--b',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Language: fr',
    '',
    'one',
    'two',
    '--b',
    'Content-Type: image/png; name="a \\"b\\".png"',
    'Content-Transfer-Encoding: BASE64',
    'Content-ID: <pic@x.example>',
    'Content-Description: a picture',
    'Content-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==',
    'Content-Location: http://x.example/a b',
    'Content-Disposition: attachment; filename=a.png; size=3',
    '',
    'AAAA',
    '--b--',
    '',
  );
  const plain = '"TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "7BIT" 8 1';
  const image = '"IMAGE" "PNG" ("NAME" "a \\"b\\".png") "<pic@x.example>" "a picture" "BASE64" 4';
  expect(renderBodies(root).body).toBe(`((${plain})(${image}) "MIXED")`);
  expect(renderBodies(root).bodyStructure).toBe(
    `((${plain} NIL NIL "fr" NIL)` +
      `(${image} "Q2hlY2sgSW50ZWdyaXR5IQ==" ("ATTACHMENT" ("FILENAME" "a.png" "SIZE" "3")) NIL "http://x.example/ab")` +
      ' "MIXED" ("BOUNDARY" "b") NIL ("en" "de") NIL)',
  );
});

test('BODYSTRUCTURE of a digest with a nested message', () => {
  const { root } = facts(
    'Content-Type: multipart/digest; boundary=b',
    '',
    '--b',
    '',
    'From: a@x.example',
    'Subject: nested',
    '',
    'text',
    '--b--',
  );
  const address = '((NIL NIL "a" "x.example"))';
  const envelope = `(NIL "nested" ${address} ${address} ${address} NIL NIL NIL NIL NIL)`;
  const text = '("TEXT" "PLAIN" NIL NIL NIL "7BIT" 4 0 NIL NIL NIL NIL)';
  expect(renderBodies(root).bodyStructure).toBe(
    `(("MESSAGE" "RFC822" NIL NIL NIL "7BIT" 42 ${envelope} ${text} 3 NIL NIL NIL NIL) "DIGEST" ("BOUNDARY" "b") NIL NIL NIL)`,
  );
});

test.each([
  [
    'a multipart without parts',
    'Content-Type: multipart/mixed; boundary=b',
    '(("TEXT" "PLAIN" NIL NIL NIL "7BIT" 0 0) "MIXED")',
  ],
  [
    'an encoded message',
    'Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64',
    '("MESSAGE" "RFC822" NIL NIL NIL "BASE64" 0 (NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL) ("TEXT" "PLAIN" NIL NIL NIL "7BIT" 0 0) 0)',
  ],
  [
    'a message type that is no message',
    'Content-Type: message/delivery-status',
    '("MESSAGE" "DELIVERY-STATUS" NIL NIL NIL "7BIT" 0)',
  ],
])('BODY of %s stays in the grammar', (_, header, expected) => {
  expect(renderBodies(facts(header, '', '').root).body).toBe(expected);
});

test('a parameter outside ASCII is given in its RFC 2231 form', () => {
  const { root } = facts("Content-Type: application/pdf; name*=iso-8859-1'de'%DCber%20uns.pdf", '', '');
  expect(root.parameters).toEqual([['name', 'Über uns.pdf']]);
  expect(renderBodies(root).body).toContain(`("NAME*" "utf-8''%C3%9Cber%20uns.pdf")`);
});

test('raw 8-bit and control characters become literals of their octets', () => {
  const { imapEnvelope } = facts('Subject: schön\x01', 'From: "a\\\\b" <q@x.example>', '', '');
  expect(renderEnvelope(imapEnvelope)).toContain('(NIL {7}\r\nschön\x01 (("a\\\\b" NIL "q" "x.example"))');
});

test('groups, routes and missing domains in ENVELOPE', () => {
  const { imapEnvelope } = facts('To: Crew: a@x.example, b;, <@r.example:c@y.example>, nobody', '', '');
  expect(renderEnvelope(imapEnvelope)).toContain(
    '((NIL NIL "Crew" NIL)(NIL NIL "a" "x.example")(NIL NIL "b" "")(NIL NIL NIL NIL)' +
      '(NIL "@r.example" "c" "y.example")(NIL NIL "nobody" ""))',
  );
});
