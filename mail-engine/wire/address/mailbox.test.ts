import fc from 'fast-check';
import { expect, test } from 'vitest';
import { normalizeDomain } from './domain.ts';
import { formatMailbox, parseMailbox } from './mailbox.ts';

test.each([
  ['ann@Harbour.Example', 'ann', 'harbour.example'],
  ['Ann.O+tag@x.example', 'Ann.O+tag', 'x.example'],
  ['"ann"@x.example', 'ann', 'x.example'],
  ['"a b@c"@x.example', 'a b@c', 'x.example'],
  ['"a\\"b\\\\"@x.example', 'a"b\\', 'x.example'],
  ['""@x.example', '', 'x.example'],
  ['a..b@x.example', 'a..b', 'x.example'],
  ['taro.@x.example', 'taro.', 'x.example'],
  ['.a@x.example', '.a', 'x.example'],
  [`${'l'.repeat(244)}@x.example`, 'l'.repeat(244), 'x.example'],
  ['a@[192.0.2.1]', 'a', '[192.0.2.1]'],
  ['a@[ipv6:2001:DB8::1]', 'a', '[IPv6:2001:db8::1]'],
  ['a@localhost', 'a', 'localhost'],
  ['a@xn--bcher-kva.example', 'a', 'xn--bcher-kva.example'],
])('%s is a mailbox', (text, localPart, domain) => {
  expect(parseMailbox(text)).toEqual({ localPart, domain });
});

test.each([
  ...['', 'a', '@', 'a@', '@x.example', 'a@b@x.example', 'a b@x.example'],
  ...[
    '"a@x.example',
    '"a"b"@x.example',
    'a@x..example',
    'a@x.example.',
    'a@-x.example',
    'a@x-.example',
    'a@x y.example',
  ],
  ...['a@[192.0.2]', 'a@[192.0.2.256]', 'a@[IPv6:g::]', 'a@[tag:x]', 'a@192.0.2.1', 'a@x.example\r\n', 'a\0@x.example'],
  ...[
    'grün@x.example',
    'a@grün.example',
    `${'l'.repeat(245)}@x.example`,
    `a@${'x'.repeat(64)}.example`,
    `a@${'x.'.repeat(130)}example`,
  ],
])('%j is none', (text) => expect(parseMailbox(text)).toBeUndefined());

test('UTF-8 where it is allowed', () => {
  expect(parseMailbox('grün@bücher.example', { utf8: true })).toEqual({
    localPart: 'grün',
    domain: 'xn--bcher-kva.example',
  });
  expect(parseMailbox(`${'ä'.repeat(123)}@x.example`, { utf8: true })).toBeUndefined();
  expect(parseMailbox('\ud800@x.example', { utf8: true })).toBeUndefined();
});

test.each([
  ['a.b@x.example', 'a.b@x.example'],
  ['a..b@x.example', '"a..b"@x.example'],
  ['taro.@x.example', '"taro."@x.example'],
  ['"a b"@x.example', '"a b"@x.example'],
  ['"a.b"@x.example', 'a.b@x.example'],
])('%s goes out as %s', (text, written) => {
  const mailbox = parseMailbox(text);
  expect(mailbox && formatMailbox(mailbox)).toBe(written);
});

test.each([
  ['EXAMPLE.Com', 'example.com'],
  ['faß.example', 'xn--fa-hia.example'],
  ['почта.example', 'xn--80a1acny.example'],
  ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
  ['a.example.', undefined],
  ['a%2e.example', undefined],
  ['0x7f.1', '0x7f.1'],
  ['a/b.example', undefined],
])('domain %s', (text, expected) => expect(normalizeDomain(text)).toBe(expected));

test('what is parsed formats to the same mailbox, and nothing throws', () => {
  const piece = fc.constantFrom('a', 'B', '.', '"', '\\', ' ', '@', 'x.example', '[', ']', 'ä', '-', '1');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.boolean(), (pieces, utf8) => {
      const mailbox = parseMailbox(`${pieces.join('')}@x.example`, { utf8 });
      if (mailbox !== undefined) expect(parseMailbox(formatMailbox(mailbox), { utf8 })).toEqual(mailbox);
    }),
    { numRuns: 1000 },
  );
});
