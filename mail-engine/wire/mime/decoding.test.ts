import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { decodeHeaderValue } from './encoded-words.ts';
import { parseParameterised } from './parameters.ts';
import { createTransferDecoder, decodeTransfer } from './transfer-decoding.ts';

describe('encoded-words', () => {
  test.each([
    ['Q', '=?ISO-8859-1?Q?Patrik_F=E4ltstr=F6m?=', 'Patrik Fältström'],
    ['B', '=?utf-8?b?0J/RgNC40LLQtdGC?=', 'Привет'],
    ['white space between two is not text', '=?utf-8?q?a?=  =?iso-8859-1?q?b?=', 'ab'],
    ['white space to plain text is', '=?utf-8?q?a?= b =?utf-8?q?c?=', 'a b c'],
    ['a character cut between two words', '=?utf-8?b?w6Q=?= =?utf-8?q?=C3?= =?utf-8?q?=A4?=', 'ää'],
    ['ISO-2022-JP', '=?ISO-2022-JP?B?GyRCRnxLXDhsGyhC?=', '日本語'],
    ['GB18030', '=?gb18030?B?xOO6ww==?=', '你好'],
    ['KOI8-R', '=?koi8-r?B?8NLJ18XU?=', 'Привет'],
    ['language tag', '=?us-ascii*en?q?hello?=', 'hello'],
    ['unknown charset', '=?x-none?q?=E9t=E9?=', 'été'],
    ['inside a quoted string, which is wrong but common', '"=?utf-8?q?J=C3=B6?=" <j@x.example>', '"Jö" <j@x.example>'],
    ['unfinished', '=?utf-8?q?abc', '=?utf-8?q?abc'],
    ['line ends cannot be smuggled in', '=?utf-8?q?a=0D=0AX:_b?=', 'a X: b'],
    ['raw UTF-8', 'schön', 'schön'],
  ])('%s', (_, raw, expected) => expect(decodeHeaderValue(raw)).toBe(expected));

  test('neighbours are gathered, and what is gathered is not copied for each', () => {
    const concat = vi.spyOn(Buffer, 'concat');
    const alloc = vi.spyOn(Buffer, 'allocUnsafe');
    const raw = '=?utf-8?q?abcd?= '.repeat(3_500);
    expect(decodeHeaderValue(raw).trim()).toBe('abcd'.repeat(3_500));
    const joined = concat.mock.calls.flatMap(([pieces]) => pieces.map(({ length }) => length));
    const made = alloc.mock.calls.map(([size]) => size);
    vi.restoreAllMocks();
    expect([...joined, ...made].reduce((sum, length) => sum + length, 0)).toBeLessThan(2 * raw.length);
  });

  test('of one value 64 KiB are decoded, the rest is as it was', () => {
    const words = '=?utf-8?q?abc?= '.repeat(16_384);
    const text = decodeHeaderValue(words);
    expect(text.slice(0, 12_288)).toBe('abc'.repeat(4_096));
    expect(text.slice(12_288).trimStart()).toBe(words.slice(64 * 1024));
  });

  test('never throws', () => {
    const piece = fc.constantFrom('=?', '?=', '?', 'utf-8', 'b', 'q', '=', 'iso-2022-jp', ' ', 'A', '%', '*', '=C3');
    fc.assert(fc.property(fc.array(piece), (pieces) => typeof decodeHeaderValue(pieces.join('')) === 'string'));
  });
});

describe('parameters', () => {
  test.each([
    ['token and quoted', 'text/plain; a=b; c="d;e\\"f"', { a: 'b', c: 'd;e"f' }],
    ['comments and odd spacing', 'text/plain (x) ;a = (y) b ; ; c=d(z)', { a: 'b', c: 'd' }],
    ['the first of two counts', 'text/plain; a=1; a=2', { a: '1' }],
    ['names in any case', 'text/plain; CharSet=UTF-8', { charset: 'UTF-8' }],
    ['extended', "a/b; name*=utf-8'en'%e2%82%ac%20rates", { name: '€ rates' }],
    ['continuations in any order', 'a/b; n*1*=%C3%A4; n*0*=utf-8\'\'a; n*2="c"', { n: 'aäc' }],
    ['continuations without a charset', 'a/b; n*0=ab; n*1=cd', { n: 'abcd' }],
    ['the extended form wins', "a/b; name=plain; name*=utf-8''f%C3%BCr", { name: 'für' }],
    ['unquoted words', 'a/b; name=my file.txt; x=y', { name: 'my file.txt', x: 'y' }],
    ['unterminated quote', 'a/b; name="abc', { name: 'abc' }],
    ['no value', 'a/b; name; x=', { x: '' }],
  ])('%s', (_, text, expected) => {
    expect(Object.fromEntries(parseParameterised(text).parameters)).toEqual(expected);
  });

  test('are bounded in number and length', () => {
    const many = Array.from({ length: 500 }, (_, index) => `p${index}=${'v'.repeat(5000)}`).join(';');
    const { parameters } = parseParameterised(`a/b;${many}`);
    expect(parameters).toHaveLength(64);
    expect(parameters[0]?.[1]).toHaveLength(4096);
  });
});

describe('transfer encodings', () => {
  test.each([
    ['quoted-printable', 'a=C3=A4=\r\nb  \r\nc=3d', 'aäb\r\nc='],
    ['quoted-printable, soft break behind blanks, bare LF', 'a= \t\nb', 'ab'],
    ['quoted-printable, blanks that were encoded or stand before a soft break', 'a=20\r\nb =\r\n\r\n', 'a \r\nb \r\n'],
    ['quoted-printable, stray equals signs', '1=2 =zz =', '1=2 =zz '],
    ['base64', 'aGVs\r\nbG8=\r\n', 'hello'],
    ['base64, padded twice', 'aGVs\r\nbG8=!!', 'hello'],
    ['7bit', 'as it is=20', 'as it is=20'],
  ])('%s: %s', (name, source, expected) => {
    expect(decodeTransfer(Buffer.from(source), name.split(',')[0] as string).toString()).toBe(expected);
  });

  test.each(['base64', 'quoted-printable'])('%s: the same in any chunks', (encoding) => {
    const text = fc.array(fc.constantFrom('=', '=C3', '=A4', ' ', '\t', '\r\n', '=\r\n', 'abcd', 'x', '\n'), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 7 }), (pieces, size) => {
        const source = Buffer.from(pieces.join(''));
        const decoder = createTransferDecoder(encoding);
        const decoded: Buffer[] = [];
        for (let at = 0; at < source.length; at += size)
          decoded.push(Buffer.from(decoder.decode(source.subarray(at, at + size))));
        expect(Buffer.concat([...decoded, decoder.end()]).toString()).toBe(decodeTransfer(source, encoding).toString());
      }),
      { numRuns: 500 },
    );
  });
});
