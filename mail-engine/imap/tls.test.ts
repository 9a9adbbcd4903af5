import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { LineClient } from '#engine/net/testing/line-client.ts';
import { type ImapServer, openImapServer, PASSWORD } from './testing/open-imap-server.ts';
import { play } from './testing/transcript.ts';

let server: ImapServer;
beforeAll(async () => {
  server = await openImapServer(inject('clusterUrl'), { signIn: { clearOnLoopback: false } });
});
afterAll(() => server.close());

test('nobody signs in before TLS', () =>
  play(
    { port: server.port, signIn: false },
    `
    S1: * OK [CAPABILITY IMAP4rev1 LITERAL+ SASL-IR ID ENABLE STARTTLS LOGINDISABLED] mail.test ready
    C1: a login anna@one.example "correct horse"
    S1: a NO [PRIVACYREQUIRED] ...
    C1: b authenticate plain AGEAYg==
    S1: b NO [PRIVACYREQUIRED] ...
  `,
  ));

test('STARTTLS, then signing in', async () => {
  const client = await LineClient.connect(server.port);
  await client.line();
  client.send('a starttls\r\n');
  expect(await client.line()).toBe('a OK Begin TLS');
  await client.startTls();
  client.send('b capability\r\n');
  expect(await client.line()).toMatch(/AUTH=PLAIN/);
  expect(await client.line()).toBe('b OK CAPABILITY completed');
  client.send('c starttls\r\n');
  expect(await client.line()).toBe('c BAD TLS is active already');
  client.send(`d login ${server.address} "${PASSWORD}"\r\n`);
  expect(await client.line()).toMatch(/^d OK /);
  client.cut();
});

test('commands sent in clear behind STARTTLS are never run', async () => {
  const client = await LineClient.connect(server.port);
  client.send('a starttls\r\nb capability\r\n');
  expect(await client.rest()).toMatch(/^\* OK [^\r]*\r\n\* BYE Nothing may follow STARTTLS before TLS is active\r\n$/);
});

test('implicit TLS', async () => {
  const client = await LineClient.connect(server.tlsPort, { tls: true });
  expect(await client.line()).toMatch(/AUTH=PLAIN .*ready$/);
  client.cut();
});
