import { expect, test } from 'vitest';
import { formatReceived, type ReceivedFacts } from './received.ts';

const facts: ReceivedFacts = {
  helo: 'client.example.org',
  peer: '192.0.2.7',
  peerName: null,
  lmtp: false,
  hostname: 'mx.example.com',
  extended: true,
  tls: null,
  authenticated: false,
  smtpUtf8: false,
  id: 'abc-1',
  recipient: 'ann@example.com',
  at: new Date('2026-01-05T07:08:09Z'),
};

test('tells who, how, whose and when', () => {
  expect(formatReceived(facts)).toBe(
    'Received: from client.example.org ([192.0.2.7])\r\n' +
      '\tby mx.example.com with ESMTP id abc-1\r\n' +
      '\tfor <ann@example.com>;\r\n' +
      '\tMon, 5 Jan 2026 07:08:09 +0000\r\n',
  );
});

test.each([
  [{ extended: false }, 'with SMTP '],
  [{ tls: { protocol: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' } }, 'with ESMTPS '],
  [
    { tls: { protocol: 'TLSv1.3', cipher: 'X' }, authenticated: true },
    'with ESMTPSA id abc-1\r\n\t(using TLSv1.3 with cipher X)\r\n\tfor',
  ],
  [{ smtpUtf8: true }, 'with UTF8SMTP '],
  [{ smtpUtf8: true, tls: { protocol: 'TLSv1.3', cipher: 'X' }, authenticated: true }, 'with UTF8SMTPSA '],
  [{ lmtp: true }, 'with LMTP '],
  [{ lmtp: true, tls: { protocol: 'TLSv1.3', cipher: 'X' }, authenticated: true }, 'with LMTPSA '],
  [{ lmtp: true, smtpUtf8: true, tls: { protocol: 'TLSv1.3', cipher: 'X' } }, 'with UTF8LMTPS '],
  [{ peerName: 'host.example.net' }, 'from client.example.org (host.example.net [192.0.2.7])\r\n'],
  [{ peer: '2001:db8::1' }, '([IPv6:2001:db8::1])'],
  [{ recipient: undefined }, 'id abc-1;\r\n\tMon'],
])('%j', (change, expected) => expect(formatReceived({ ...facts, ...change })).toContain(expected));
