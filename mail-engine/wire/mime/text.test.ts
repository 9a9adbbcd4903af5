import { createHash } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { extractText } from './extract-text.ts';
import { htmlToText } from './html-text.ts';
import { scanMessage } from './scanner.ts';
import { threadKeyOf } from './thread-key.ts';

function preview(...lines: string[]): string {
  return scanMessage(Buffer.from(lines.join('\r\n'))).preview;
}

test.each([
  ['elements end words, inline ones do not', '<p>One</p><p>t<b>w</b>o</p><td>3</td><td>4', 'One two 3 4'],
  ['scripts, styles, titles and comments', 'a<style>b</style><script>c<d</script><title>e</title><!-- <f> -->g', 'a g'],
  ['entities', '&lt;&amp;&#228;&#xe4;&Auml;&nbsp;&unknown;&#0;', '<&ää\u00c4 &unknown;'],
  ['names that are no entities', '&constructor;&toString;', '&constructor;&toString;'],
  ['quoted angle brackets', '<a title="a > b">x</a>', 'x'],
  ['angle brackets of text', '1 < 2', '1 < 2'],
  ['a script never closed', 'a<script>b', 'a'],
  ['a tag never closed', 'a<b c', 'a'],
])('HTML to text: %s', (_, html, expected) => {
  expect(htmlToText(html, 1000).replace(/\s+/g, ' ').trim()).toBe(expected);
});

test('quotes that never close are looked through once', () => {
  const html = '<a"=">'.repeat(2_000);
  const charAt = vi.spyOn(String.prototype, 'charAt');
  htmlToText(html, html.length);
  const looked = charAt.mock.calls.length;
  charAt.mockRestore();
  expect(looked).toBeLessThanOrEqual(html.length);
});

test('behind a quote that is never closed text is text again', () => {
  const html = `<a href='x>one<p>two${'<p title="a > b">three'.repeat(1_000)}`;
  expect(htmlToText(html, html.length).trim()).toMatch(/^one\ntwo\n/);
  expect(htmlToText(html, html.length)).toMatch(/\nthree\nthree$/);
});

test('preview: folded, cut at 200 characters and never inside one', () => {
  const text = preview('Content-Type: text/plain; charset=utf-8', '', `  a\t\tb`, '😀'.repeat(300));
  expect(Array.from(text)).toHaveLength(200);
  expect(text.startsWith('a b 😀')).toBe(true);
  expect(text.isWellFormed()).toBe(true);
});

test('preview: HTML alone, with its charset and encoding, without what nobody sees', () => {
  const lines = ['Content-Type: text/html; charset=iso-8859-1', 'Content-Transfer-Encoding: quoted-printable', ''];
  const style = `<style>${'p { color: red }\r\n'.repeat(1000)}</style>`;
  expect(preview(...lines, `<html><head>${style}</head><body>Gr=FC=DFe&zwnj;&nbsp;aus <b>K=F6ln</b>`)).toBe(
    'Grüße aus Köln',
  );
});

test('preview: the first part that has words; attachments have none', () => {
  const lines = ['Content-Type: multipart/mixed; boundary=b', '', '--b', '', '   ', '--b'];
  const attachment = [
    'Content-Disposition: attachment',
    '',
    'log',
    '--b',
    'Content-Type: text/html',
    '',
    '<p>Hello',
    '--b--',
  ];
  expect(preview(...lines, ...attachment)).toBe('Hello');
});

test('preview: a character cut off at the bound of what is read', () => {
  expect(preview('Content-Type: text/plain; charset=utf-8', '', `${' '.repeat(4091)}ööö`)).toBe('öö');
  expect(preview('Subject: no charset', '', `${' '.repeat(4091)}ööö`)).toBe('öö');
});

const NESTED = Buffer.from(
  [
    ...['Content-Type: multipart/mixed; boundary=b', '', '--b', 'Content-Type: text/plain; charset=koi8-r'],
    ...['Content-Transfer-Encoding: base64', '', '8NLJ18XU', '--b', 'Content-Type: text/html', '', '<i>two</i>', '--b'],
    ...['Content-Type: image/png', '', 'three', '--b', 'Content-Type: message/rfc822', ''],
    ...['Subject: =?utf-8?q?f=C3=BCnf?=', 'X-Spam: no', '', 'six', '--b--'],
  ].join('\r\n'),
);

function* slowly(start: number, end: number): Generator<Buffer> {
  for (let at = start; at < end; at++) yield NESTED.subarray(at, at + 1);
}

test('text of all text parts and embedded headers', async () => {
  const { root } = scanMessage(NESTED);
  expect(await extractText(root, slowly)).toBe('Привет\ntwo\nfünf\nsix');
  expect(await extractText(root, slowly, { characters: 8 })).toBe('Привет\nt');
  expect(await extractText(root, slowly, { parts: 1 })).toBe('Привет');
  expect(await extractText(root, slowly, { partBytes: 4, characters: 6 })).toBe('Прив\nt');
});

test('a conversation has one thread key', () => {
  const scan = (header: string) => scanMessage(Buffer.from(`${header}\r\n\r\n`));
  const key = (header: string, fallback = 'f') => threadKeyOf(scan(header), Buffer.from(fallback));
  const root = key('Message-ID: <root@x.example>');
  expect(key('References: <root@x.example> <b@x.example>\r\nMessage-ID: <c@x.example>')).toBe(root);
  expect(key('In-Reply-To: <root@x.example>\r\nMessage-ID: <d@x.example>')).toBe(root);
  expect(key('Message-ID: <other@x.example>')).not.toBe(root);
  expect(key('Subject: x', 'one')).not.toBe(key('Subject: x', 'two'));
  const digest = createHash('sha256').update('root@x.example').digest();
  expect(BigInt(root)).toBe(BigInt.asUintN(53, digest.readBigUInt64BE(0)));
});
