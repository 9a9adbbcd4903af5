import { describe, expect, test } from 'vitest';
import { parseCommandLine } from './command-line.ts';
import { parseMailParameters, parseRcptParameters } from './parameters.ts';
import { needsSmtpUtf8, parseForwardPath, parseReversePath } from './path.ts';

describe('paths', () => {
  test.each([
    ['FROM:<a@example.com>', 'a@example.com', ''],
    ['from: <A.b@EXAMPLE.com.> SIZE=1', 'A.b@example.com', 'SIZE=1'],
    ['FROM:<@relay.example,@b.example:a@example.com>', 'a@example.com', ''],
    ['FROM:<"john"@example.com>', 'john@example.com', ''],
    ['FROM:<"a b>c"@example.com> RET=HDRS', '"a b>c"@example.com', 'RET=HDRS'],
    ['FROM:<"a\\"b"@example.com>', '"a\\"b"@example.com', ''],
    [
      'FROM:<bounces+8477219-4b5e-maria.fernandez-gonzalez=engineering.some-long-company.example@em42.news.example>',
      'bounces+8477219-4b5e-maria.fernandez-gonzalez=engineering.some-long-company.example@em42.news.example',
      '',
    ],
    ['FROM:<taro.@docomo.ne.jp>', '"taro."@docomo.ne.jp', ''],
    ['FROM:<a..b@example.com> SIZE=1', '"a..b"@example.com', 'SIZE=1'],
    ['FROM:<a@[192.0.2.1]>', 'a@[192.0.2.1]', ''],
    ['FROM:<a@[IPv6:2001:db8::1]>', 'a@[IPv6:2001:db8::1]', ''],
    ['FROM:<дёма@пример.рф>', 'дёма@пример.рф', ''],
  ])('%s', (text, address, rest) => {
    expect(parseReversePath(text)).toMatchObject({ mailbox: { address }, rest });
  });

  test('the empty reverse-path', () => expect(parseReversePath('FROM:<>')).toEqual({ mailbox: null, rest: '' }));

  test.each([
    'FROM:a@example.com',
    'FROM:<a@example.com',
    'FROM:<a@example.com>x',
    'FROM:<a>',
    'FROM:<@example.com>',
    'FROM:<a@>',
    'FROM:<a b@example.com>',
    'FROM:<a@exa mple.com>',
    'FROM:<a@-example.com>',
    'FROM:<a@b@example.com>',
    'FROM:<a@[999]>',
    `FROM:<${'x'.repeat(243)}@example.com>`,
    `FROM:<a@${'x.'.repeat(130)}com>`,
    'TO:<a@example.com>',
    '',
  ])('%s is refused', (text) => expect(() => parseReversePath(text)).toThrow());

  test("postmaster alone gets the host's domain, no other name does", () => {
    expect(parseForwardPath('TO:<PostMaster>', 'mx.example.com')).toMatchObject({
      mailbox: { address: 'PostMaster@mx.example.com' },
      isBare: true,
    });
    expect(parseForwardPath('TO:<postmaster@mx.example.com>', 'mx.example.com').isBare).toBe(false);
    expect(() => parseForwardPath('TO:<root>', 'mx.example.com')).toThrow();
    expect(() => parseForwardPath('TO:<>', 'mx.example.com')).toThrow();
  });

  test('only addresses outside ASCII need SMTPUTF8', () => {
    expect(needsSmtpUtf8(parseForwardPath('TO:<дёма@example.com>', 'x').mailbox)).toBe(true);
    expect(needsSmtpUtf8(parseForwardPath('TO:<d@example.com>', 'x').mailbox)).toBe(false);
  });
});

describe('parameters', () => {
  test('of MAIL', () => {
    expect(parseMailParameters('SIZE=1000 BODY=8bitmime SMTPUTF8 RET=full ENVID=QQ+2B1 AUTH=<>')).toEqual({
      size: 1000,
      body: '8BITMIME',
      smtpUtf8: true,
      ret: 'FULL',
      envId: 'QQ+2B1',
      requireTls: false,
    });
    expect(parseMailParameters('')).toEqual({ smtpUtf8: false, requireTls: false });
    expect(parseMailParameters('BODY=BinaryMime REQUIRETLS HOLDFOR=60')).toEqual({
      body: 'BINARYMIME',
      smtpUtf8: false,
      requireTls: true,
      holdFor: 60,
    });
  });

  test.each([
    ['SIZE=x', 501],
    ['SIZE', 501],
    ['SIZE=1 SIZE=2', 501],
    ['BODY=BINARY', 501],
    ['REQUIRETLS=1', 555],
    ['HOLDFOR', 501],
    ['HOLDUNTIL=2030-01-01', 501],
    ['RET=ALL', 501],
    ['ENVID=a=b', 501],
    [`ENVID=${'x'.repeat(101)}`, 501],
    ['SMTPUTF8=1', 555],
    ['FOO=bar', 555],
    ['=x', 501],
  ])('MAIL %s is refused with %i', (text, code) => {
    expect(() => parseMailParameters(text)).toThrow(expect.objectContaining({ code }));
  });

  test('of RCPT', () => {
    expect(parseRcptParameters('NOTIFY=delay,SUCCESS ORCPT=rfc822;Bob@Example.COM')).toEqual({
      notify: 'SUCCESS,DELAY',
      orcpt: 'rfc822;Bob@Example.COM',
    });
    expect(parseRcptParameters('NOTIFY=NEVER ORCPT=utf-8;дёма@example.com')).toEqual({
      notify: 'NEVER',
      orcpt: 'utf-8;дёма@example.com',
    });
  });

  test.each([
    'NOTIFY=NEVER,SUCCESS',
    'NOTIFY=',
    'NOTIFY=SOMETIMES',
    'ORCPT=nobody',
    'ORCPT=rfc822;',
    'SIZE=1',
    'ORCPT=rfc822;a+zz',
  ])('RCPT %s is refused', (text) => expect(() => parseRcptParameters(text)).toThrow());
});

describe('command lines', () => {
  test.each([
    ['noop\r\n', { verb: 'NOOP', argument: '' }],
    ['mail FROM:<a@b> \r\n', { verb: 'MAIL', argument: 'FROM:<a@b>' }],
  ])('%j', (text, expected) => expect(parseCommandLine(Buffer.from(text))).toEqual(expected));

  test.each(['NOOP\n', 'NO\rOP\r\n', 'NOOP\0\r\n', '\r\n', 'X\xff\r\n', '{}\r\n', 'ABCDEFGHIJKLMNOPQ\r\n'])(
    '%j is refused',
    (text) => {
      expect(() => parseCommandLine(Buffer.from(text, 'latin1'))).toThrow(expect.objectContaining({ code: 500 }));
    },
  );
});
