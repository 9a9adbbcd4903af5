/** As a client: whatever a man in the middle puts behind the 220 to STARTTLS is never taken as the server's word under TLS (CVE-2021-38371). */
import { afterEach, beforeAll, expect, test } from 'vitest';
import { createSelfSigned } from '#engine/net/self-signed.ts';
import { startScriptedMx } from '#engine/testing/scripted-mx.ts';
import { openDelivery } from './testing/open-delivery.ts';

const DAY_MS = 86_400_000;
let tls: { key: string; cert: string };
const running: (() => unknown)[] = [];

beforeAll(() => {
  tls = createSelfSigned(['mx.test'], new Date(Date.now() - DAY_MS), new Date(Date.now() + DAY_MS));
});
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

/** The forged offer would let the forger see what is sent where, and how. */
const FORGED = '250-evil.test\r\n250-SIZE 7\r\n250 CHUNKING';

test.each([
  ['a whole reply to the EHLO to come', `220 go\r\n${FORGED}`],
  ['half a reply', '220 go\r\n250-ev'],
  ['several replies', '220 go\r\n250 a\r\n250 b\r\n250 c'],
  ['an empty line', '220 go\r\n'],
  ['a refusal', '220 go\r\n554 5.7.1 no mail for you'],
])('%s behind the 220: the session is given up, nothing forged is believed', async (_, reply) => {
  const server = await startScriptedMx({
    tls,
    reply: (line, n) => (line === 'STARTTLS' && n === 1 ? reply : undefined),
  });
  const { deliver, pool } = openDelivery(server.port, { 'mx.test': '127.0.0.1' });
  running.push(
    () => server.close(),
    () => pool.close(),
  );
  const message = [Buffer.from('Subject: more than seven bytes\r\n\r\nx\r\n')];
  // RFC 7435: what could not be had in TLS goes in clear over a new connection, and never where TLS is required.
  expect(await deliver(message)).toMatchObject({ kind: 'delivered' });
  expect(server.transcript.filter((line) => line.startsWith('1: '))).toEqual(['1: EHLO own.test', '1: STARTTLS']);
  expect(server.messages).toMatchObject([{ connection: 2 }]);
});

test('421 behind the 220 is a cut like any other', async () => {
  const server = await startScriptedMx({
    tls,
    reply: (line) => (line === 'STARTTLS' ? '220 go\r\n421 bye' : undefined),
  });
  const { deliver, pool } = openDelivery(server.port, { 'mx.test': '127.0.0.1' });
  running.push(
    () => server.close(),
    () => pool.close(),
  );
  expect(await deliver([Buffer.from('x: y\r\n\r\n')])).toMatchObject({ kind: 'deferred', unreachable: true });
  expect(server.messages).toHaveLength(0);
});

test('and a message that needs TLS does not go at all', async () => {
  const reply = (line: string) => (line === 'STARTTLS' ? `220 go\r\n${FORGED}` : undefined);
  const server = await startScriptedMx({ tls, reply });
  const { deliver, pool } = openDelivery(server.port, { 'mx.test': '127.0.0.1' });
  running.push(
    () => server.close(),
    () => pool.close(),
  );
  expect(await deliver([Buffer.from('x: y\r\n\r\n')], { requireTls: true })).toMatchObject({ kind: 'deferred' });
  expect([server.connections, server.messages.length]).toEqual([1, 0]);
});
