import fc from 'fast-check';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createSignInLog, type SignInFacts } from './sign-in-log.ts';

/** The `failregex` of docs/production.md, with what fail2ban puts for <HOST> for addresses. */
const FAIL =
  /"msg":"vchkpw-[a-z0-9]+: (?:password fail|too many failures|network banned) [^\s:"]+:(?<host>[0-9a-fA-F:.]+)"\}$/;

function linesOf(tell: (log: ReturnType<typeof createSignInLog>) => void): string[] {
  const lines: string[] = [];
  tell(createSignInLog(pino({ base: null }, { write: (line: string) => lines.push(line.trimEnd()) })));
  return lines;
}

const facts: SignInFacts = { service: 'imap', mechanism: 'PLAIN', login: 'ann@example.com', peer: '192.0.2.1' };
const messageOf = (line: string | undefined) => (JSON.parse(line ?? '{}') as { msg?: string }).msg;

test('every outcome is a line in the form of vchkpw, with its facts as fields', () => {
  const lines = linesOf((log) => {
    log.signIn(facts, 'wrong');
    log.signIn({ ...facts, service: 'submission' }, 'success');
    log.signIn({ service: 'web', login: 'ann@example.com', peer: '::ffff:192.0.2.1' }, 'suspended');
    log.signIn({ ...facts, peer: '2001:db8::7' }, 'throttled');
    log.banned({ ...facts, service: 'pop3' }, { until: new Date(0), times: 2 });
  });
  expect(lines.map(messageOf)).toEqual([
    'vchkpw-imap: password fail ann@example.com:192.0.2.1',
    'vchkpw-submission: (PLAIN) login success ann@example.com:192.0.2.1',
    'vchkpw-webmail: access denied ann@example.com:192.0.2.1',
    'vchkpw-imap: too many failures ann@example.com:2001:db8:0:0:0:0:0:7',
    'vchkpw-pop3: network banned ann@example.com:192.0.2.1',
  ]);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ service: 'imap', mechanism: 'PLAIN', outcome: 'wrong' });
  expect(lines.map((line) => FAIL.exec(line)?.groups?.host ?? null)).toEqual([
    '192.0.2.1',
    null,
    null,
    '2001:db8:0:0:0:0:0:7',
    '192.0.2.1',
  ]);
});

test.each([
  'x:203.0.113.5"}',
  'ann\nvchkpw-imap: password fail victim:203.0.113.5',
  'vchkpw-imap: password fail a:203.0.113.5',
  '\\","msg":"vchkpw-imap: password fail a:203.0.113.5"}',
  '%s%d%n',
  '',
])('the login %j names no other client', (login) => {
  const [line, ...more] = linesOf((log) => log.signIn({ ...facts, login }, 'wrong'));
  expect(more).toEqual([]);
  expect(FAIL.exec(line ?? '')?.groups?.host).toBe('192.0.2.1');
  expect(linesOf((log) => log.signIn({ ...facts, login }, 'success')).some((one) => FAIL.test(one))).toBe(false);
});

test('no login or mechanism forges a line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (login, mechanism) => {
      const [line = '', ...more] = linesOf((log) => log.signIn({ ...facts, login, mechanism }, 'wrong'));
      expect(more).toEqual([]);
      expect(FAIL.exec(line)?.groups?.host).toBe('192.0.2.1');
      expect(messageOf(line)).toMatch(/^vchkpw-imap: password fail [\x21-\x7e]+:192\.0\.2\.1$/);
    }),
  );
});
