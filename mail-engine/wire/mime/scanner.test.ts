import { expect, test } from 'vitest';
import { createMimeScanner, scanMessage } from './scanner.ts';
import type { MimePart } from './types.ts';

function message(...lines: string[]): Buffer {
  return Buffer.from(lines.join('\r\n'));
}

/** `type/subtype` of every part with the text of the leaves. */
function shape(part: MimePart, source: Buffer): string {
  const name = `${part.type}/${part.subtype}`;
  if (part.children.length > 0) return `${name}(${part.children.map((child) => shape(child, source)).join(' ')})`;
  return `${name}${JSON.stringify(source.toString('latin1', part.bodyStart, part.end))}`;
}

const MIXED = 'Content-Type: multipart/mixed; boundary=b';

const CASES: readonly (readonly [name: string, source: Buffer, shape: string])[] = [
  ['plain text without MIME', message('Subject: x', '', 'Hi', ''), 'text/plain"Hi\\r\\n"'],
  ['no header at all', message('', 'only a body'), 'text/plain"only a body"'],
  ['header without an empty line', message('Subject: x'), 'text/plain""'],
  ['nothing', Buffer.alloc(0), 'text/plain""'],
  [
    'bare line feeds of old stored mail',
    Buffer.from(`${MIXED}\n\n--b\n\none\n--b\n\ntwo\n--b--\n`),
    'multipart/mixed(text/plain"one" text/plain"two")',
  ],
  [
    'preamble, transport padding and epilogue',
    message(MIXED, '', 'preamble', '--b \t ', '', 'one', '--b--  ', 'epilogue', '--b', '', 'of the epilogue'),
    'multipart/mixed(text/plain"one")',
  ],
  [
    'a part without header or body',
    message(MIXED, '', '--b', '--b', '', '--b', '', '', '--b--'),
    'multipart/mixed(text/plain"" text/plain"" text/plain"")',
  ],
  [
    'a boundary that cuts off a header',
    message(MIXED, '', '--b', 'Content-Type: text/html', '--b--'),
    'multipart/mixed(text/html"")',
  ],
  [
    'a boundary that begins with the outer one',
    message(
      ...[MIXED, '', '--b', 'Content-Type: multipart/mixed; boundary=b-1', '', '--b-1', '', 'inner', '--b-1--'],
      ...['--b', '', 'outer', '--b--', ''],
    ),
    'multipart/mixed(multipart/mixed(text/plain"inner") text/plain"outer")',
  ],
  [
    'the end of the inner boundary wins over an outer boundary spelt the same',
    message(
      ...[
        'Content-Type: multipart/mixed; boundary="a--"',
        '',
        '--a--',
        'Content-Type: multipart/mixed; boundary=a',
        '',
      ],
      ...['--a', '', 'inner', '--a--', 'epilogue', '--a--', '', 'outer', '--a----'],
    ),
    'multipart/mixed(multipart/mixed(text/plain"inner") text/plain"outer")',
  ],
  [
    'an inner boundary wins over the end of an outer one spelt the same',
    message(
      ...['Content-Type: multipart/mixed; boundary=a', '', '--a', 'Content-Type: multipart/mixed; boundary="a--"', ''],
      ...['--a--', '', 'inner', '--a----', '--a--'],
    ),
    'multipart/mixed(multipart/mixed(text/plain"inner"))',
  ],
  [
    'an inner boundary that equals the outer one is the inner one',
    message(MIXED, '', '--b', MIXED, '', '--b', '', 'x', '--b--', '--b', '', 'y', '--b--'),
    'multipart/mixed(multipart/mixed(text/plain"x") text/plain"y")',
  ],
  [
    'a boundary only inside a line',
    message(MIXED, '', '--b', '', 'x --b', ' --b', '--bb', '--b--x'),
    'multipart/mixed(text/plain"x --b\\r\\n --b\\r\\n--bb\\r\\n--b--x")',
  ],
  [
    'inner end boundary missing',
    message(
      ...[MIXED, '', '--b', 'Content-Type: multipart/mixed; boundary=c', '', '--c', '', 'inner'],
      ...['--b', '', 'next', '--b--'],
    ),
    'multipart/mixed(multipart/mixed(text/plain"inner") text/plain"next")',
  ],
  [
    'all end boundaries missing',
    message(MIXED, '', '--b', '', 'to the end', ''),
    'multipart/mixed(text/plain"to the end\\r\\n")',
  ],
  [
    'digest parts are messages by default',
    message('Content-Type: multipart/digest; boundary=b', '', '--b', '', 'Subject: a', '', 'A', '--b--'),
    'multipart/digest(message/rfc822(text/plain"A"))',
  ],
  [
    'an embedded message without its empty line',
    message(MIXED, '', '--b', 'Content-Type: message/rfc822', '', 'Subject: a', '--b--'),
    'multipart/mixed(message/rfc822(text/plain""))',
  ],
  [
    'an encoded embedded message stays closed',
    message('Content-Type: message/rfc822', 'Content-Transfer-Encoding: base64', '', 'U3ViamVjdDogYQ=='),
    'message/rfc822"U3ViamVjdDogYQ=="',
  ],
  ['multipart without boundary is text', message('Content-Type: multipart/mixed', '', 'x'), 'text/plain"x"'],
  [
    'an empty boundary is none',
    message('Content-Type: multipart/mixed; boundary=""', '', '--', 'x'),
    'text/plain"--\\r\\nx"',
  ],
  [
    'quoted boundary with specials, folded field',
    message('Content-Type: multipart/mixed;', '\tboundary="=_(a) b?:/"', '', '--=_(a) b?:/', '', 'x', '--=_(a) b?:/--'),
    'multipart/mixed(text/plain"x")',
  ],
  ['type without subtype', message('Content-Type: text', '', 'x'), 'text/plain"x"'],
  ['unreadable type', message('Content-Type: a b c', '', 'x'), 'text/plain"x"'],
  [
    'the first of two Content-Types counts',
    message('Content-Type: text/html', 'Content-Type: text/css', '', 'x'),
    'text/html"x"',
  ],
];

test.each(CASES)('structure: %s', (_, source, expected) => {
  const whole = scanMessage(source);
  expect(shape(whole.root, source)).toBe(expected);
  for (const size of [1, 2, 3]) {
    const scanner = createMimeScanner();
    for (let at = 0; at < source.length; at += size) scanner.write(source.subarray(at, at + size));
    expect(scanner.finish()).toEqual(whole);
  }
});

test('facts of the header', () => {
  const source = message(
    'Received: from a by b',
    'Delivered-To: one@harbour.example',
    'RECEIVED : from c by d',
    'Delivered-To: two@harbour.example',
    'References: <root@x.example>',
    '\t<second@x.example> <root@x.example>',
    'Message-ID: <own@x.example>',
    'Subject: =?utf-8?q?caf=C3=A9?=',
    ' au lait',
    '',
    'first',
    '  words',
  );
  const facts = scanMessage(source);
  expect(facts).toMatchObject({
    size: source.length,
    headSize: source.indexOf('first'),
    receivedCount: 2,
    deliveredTo: ['one@harbour.example', 'two@harbour.example'],
    references: ['root@x.example', 'second@x.example'],
    preview: 'first words',
    truncated: false,
    eightBitBody: false,
    eightBitHeader: false,
  });
  expect(facts.imapEnvelope.subject).toBe('=?utf-8?q?caf=C3=A9?= au lait');
});

test('In-Reply-To stands in for References, phrases and all', () => {
  const facts = scanMessage(message('In-Reply-To: Your message of Monday <a@b.example>', '', ''));
  expect(facts.references).toEqual(['a@b.example']);
});

test('of many references the root and the newest are kept', () => {
  const ids = Array.from({ length: 300 }, (_, index) => `<${index}@x.example>`);
  const { references } = scanMessage(message(`References: ${ids.join('\r\n ')}`, '', ''));
  expect(references).toHaveLength(100);
  expect([references[0], references[1], references[99]]).toEqual(['0@x.example', '201@x.example', '299@x.example']);
});

test.each([
  ['in the header', 'Subject: ä\r\n\r\nbody', { eightBitHeader: true, eightBitBody: false }],
  ['in the body', 'Subject: a\r\n\r\nbödy', { eightBitHeader: false, eightBitBody: true }],
  ['in both', 'Subject: ä\r\n\r\nbödy', { eightBitHeader: true, eightBitBody: true }],
])('bytes above 0x7f %s', (_, text, expected) => {
  const source = Buffer.from(text);
  expect(scanMessage(source)).toMatchObject(expected);
  const scanner = createMimeScanner();
  for (const byte of source) scanner.write(Buffer.of(byte));
  expect(scanner.finish()).toMatchObject(expected);
});

test('keeps no reference to the chunks', () => {
  const chunk = message('Subject: before', 'Content-Type: text/x-own; a=b', '', 'text');
  const scanner = createMimeScanner();
  scanner.write(chunk);
  chunk.fill(0x21);
  expect(scanner.finish()).toMatchObject({ imapEnvelope: { subject: 'before' }, root: { subtype: 'x-own' } });
});
