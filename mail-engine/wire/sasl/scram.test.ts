import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseCramMd5Response } from './cram-md5.ts';
import {
  formatScramServerFinal,
  formatScramServerFirst,
  parseScramClientFinal,
  parseScramClientFirst,
} from './scram.ts';

const first = (text: string) => parseScramClientFirst(Buffer.from(text));
const final = (text: string) => parseScramClientFinal(Buffer.from(text));

describe('client-first-message', () => {
  test.each([
    ['n,,n=user,r=abc', { header: 'n,,', binding: { flag: 'n' }, authorization: '', username: 'user', nonce: 'abc' }],
    ['y,,n=user,r=abc', { header: 'y,,', binding: { flag: 'y' } }],
    ['p=tls-exporter,,n=u,r=a', { header: 'p=tls-exporter,,', binding: { flag: 'p', type: 'tls-exporter' } }],
    ['n,a=x=2Cy=3D,n=a=3Db=2Cc,r=abc', { authorization: 'x,y=', username: 'a=b,c' }],
    ['n,a=,n=user,r=abc', { header: 'n,a=,', authorization: '', username: 'user' }],
    ['n,,n=user,r=abc,x=ext', { bare: 'n=user,r=abc,x=ext', nonce: 'abc' }],
    ['n,,n=b\u00fccher@x.test,r=!~', { username: 'b\u00fccher@x.test', nonce: '!~' }],
  ])('%j', (text, expected) => expect(first(text)).toMatchObject(expected));

  test.each([
    '',
    'n,,',
    'n,,n=user',
    'n,,r=abc,n=user',
    'n,,n=,r=abc',
    'n,,n=user,r=',
    'n,,n=user,r=a b',
    'n,,n=us=er,r=abc',
    'n,,n=us=2cer,r=abc',
    'n,a=x=,n=user,r=abc',
    'x,,n=user,r=abc',
    'p=,,n=user,r=abc',
    'p=tls exporter,,n=user,r=abc',
    'n,n=user,r=abc',
    'n,,m=ext,n=user,r=abc',
    'n,,n=us\0er,r=abc',
    'n,,n=user,r=abc\n',
    ' n,,n=user,r=abc',
  ])('%j is refused', (text) => expect(first(text)).toBeUndefined());

  test('that is not UTF-8 is refused', () => {
    expect(parseScramClientFirst(Buffer.from('n,,n=\xff,r=abc', 'latin1'))).toBeUndefined();
  });
});

describe('client-final-message', () => {
  test('as RFC 7677 prints it', () => {
    const withoutProof = 'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
    const proof = 'dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=';
    expect(final(`${withoutProof},p=${proof}`)).toEqual({
      binding: Buffer.from('n,,'),
      nonce: 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0',
      proof: Buffer.from(proof, 'base64'),
      withoutProof,
    });
  });

  test.each([
    '',
    'c=biws,r=abc',
    'c=biws,r=abc,p=',
    'c=biws,r=abc,p=YQ',
    'c=b!ws,r=abc,p=YQ==',
    'r=abc,c=biws,p=YQ==',
    'c=biws,p=YQ==,r=abc',
    'c=biws,r=abc,p=YQ==,x=more',
    'c=biws,r=,p=YQ==',
  ])('%j is refused', (text) => expect(final(text)).toBeUndefined());
});

test('server messages as RFC 7677 prints them', () => {
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');
  expect(formatScramServerFirst({ nonce: 'abc', salt, iterations: 4096 })).toBe(
    'r=abc,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
  );
  expect(formatScramServerFinal(Buffer.from('6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=', 'base64'))).toBe(
    'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
  );
});

test.each([
  ['tim b913a602c7eda7a495b4e6e7334d3890', { username: 'tim', digest: 'b913a602c7eda7a495b4e6e7334d3890' }],
  ['a b B913A602C7EDA7A495B4E6E7334D3890', { username: 'a b', digest: 'b913a602c7eda7a495b4e6e7334d3890' }],
  ['tim b913a602c7eda7a495b4e6e7334d389', undefined],
  ['b913a602c7eda7a495b4e6e7334d3890', undefined],
  [' b913a602c7eda7a495b4e6e7334d3890', undefined],
  ['', undefined],
])('CRAM-MD5 %j', (text, expected) => expect(parseCramMd5Response(Buffer.from(text))).toEqual(expected));

test('whatever comes is taken apart or refused, in bounded time', () => {
  const pieces = fc.constantFrom(
    'n',
    'y',
    'p=',
    ',',
    '=',
    '=2C',
    'n=',
    'r=',
    'a=',
    'c=',
    's=',
    'abc',
    '\0',
    'biws',
    '\u00e9',
  );
  const texts = fc.array(pieces, { maxLength: 60 }).map((parts) => Buffer.from(parts.join('')));
  const messages = fc.oneof(
    texts,
    fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
  );
  fc.assert(
    fc.property(messages, (message) => {
      const parsed = parseScramClientFirst(message);
      if (parsed) expect(message.toString()).toBe(parsed.header + parsed.bare);
      const ended = parseScramClientFinal(message);
      if (ended) expect(message.toString().startsWith(ended.withoutProof)).toBe(true);
      parseCramMd5Response(message);
    }),
    { numRuns: 2_000 },
  );
  const long = `n,,n=${'=2C'.repeat(100_000)},r=${'a'.repeat(100_000)}${',x=y'.repeat(50_000)} `;
  expect(first(long)?.username).toHaveLength(100_000);
});
