import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createSelfSigned } from '#engine/net/self-signed.ts';
import { type ScriptedMx, type ScriptedMxOptions, startScriptedMx } from '#engine/testing/scripted-mx.ts';
import { type OpenDelivery, openDelivery } from './testing/open-delivery.ts';

const DAY_MS = 86_400_000;
const certificateFor = (name: string) =>
  createSelfSigned([name], new Date(Date.now() - DAY_MS), new Date(Date.now() + DAY_MS));
const MESSAGE = [Buffer.from('Subject: secret\r\n\r\nx\r\n')];
const OFFERED = ['PIPELINING', 'REQUIRETLS'];
const defaults = getCACertificates('default');

let trusted: { key: string; cert: string };
let unknown: { key: string; cert: string };
const running: (() => unknown)[] = [];

beforeAll(() => {
  trusted = certificateFor('mx.test');
  unknown = certificateFor('mx.test');
  setDefaultCACertificates([...defaults, trusted.cert]);
});
afterAll(() => setDefaultCACertificates(defaults));
afterEach(async () => {
  for (const stop of running.splice(0).reverse()) await stop();
});

async function open(options: ScriptedMxOptions, host = 'mx.test'): Promise<[ScriptedMx, OpenDelivery]> {
  const server = await startScriptedMx(options);
  const delivery = openDelivery(server.port, { [host]: '127.0.0.1' });
  running.push(
    () => server.close(),
    () => delivery.pool.close(),
  );
  return [server, delivery];
}

describe('a message with REQUIRETLS', () => {
  test('goes over verified TLS to a server that promises the same, and asks for it', async () => {
    const [server, { deliver }] = await open({ tls: trusted, extensions: OFFERED });
    const outcome = await deliver(MESSAGE, { requireTls: true });
    expect(outcome).toMatchObject({ kind: 'delivered', tls: expect.stringMatching(/ verified$/) });
    expect(server.messages).toMatchObject([{ tls: true, mail: 'MAIL FROM:<a@sender.test> REQUIRETLS' }]);
  });

  test.each([
    ['no TLS is offered', () => ({ extensions: OFFERED }), 'mx.test', 'REQUIRETLS: the server offers no TLS'],
    [
      'nobody vouches for the certificate',
      () => ({ tls: unknown, extensions: OFFERED }),
      'mx.test',
      'REQUIRETLS: the certificate does not verify',
    ],
    [
      'the certificate is another host’s',
      () => ({ tls: trusted, extensions: OFFERED }),
      'other.test',
      'REQUIRETLS: the certificate does not verify',
    ],
    [
      'REQUIRETLS is not offered',
      () => ({ tls: trusted, extensions: ['PIPELINING'] }),
      'mx.test',
      'REQUIRETLS: the server does not offer it',
    ],
  ])('comes back where %s', async (_, options, host, reply) => {
    const [server, { deliver }] = await open(options(), host);
    expect(await deliver(MESSAGE, { requireTls: true })).toMatchObject({ kind: 'failed', status: '5.7.30', reply });
    expect(server.messages).toEqual([]);
    expect(server.transcript.some((line) => line.includes('MAIL'))).toBe(false);
  });

  test('is never sent in clear after a handshake that failed', async () => {
    const [server, { deliver }] = await open({ tls: 'broken', extensions: OFFERED });
    expect(await deliver(MESSAGE, { requireTls: true })).toMatchObject({ kind: 'deferred', status: '4.7.5' });
    expect(server.connections).toBe(1);
  });

  test('does not use a connection that was good enough for another', async () => {
    const [server, { deliver }] = await open({ tls: unknown, extensions: OFFERED });
    expect(await deliver(MESSAGE)).toMatchObject({ kind: 'delivered', tls: expect.stringMatching(/ unverified$/) });
    expect(await deliver(MESSAGE, { requireTls: true })).toMatchObject({ status: '5.7.30' });
    expect(await deliver(MESSAGE)).toMatchObject({ kind: 'delivered' });
    expect(server.messages.map(({ connection }) => connection)).toEqual([1, 1]);
  });

  test('waits for a host that cannot be asked now, though another does not protect it', async () => {
    const second = await startScriptedMx({ address: '127.0.0.2', extensions: OFFERED });
    const delivery = openDelivery(second.port, { 'mx.test': '127.0.0.1', 'mx2.test': '127.0.0.2' });
    running.push(
      () => second.close(),
      () => delivery.pool.close(),
    );
    expect(await delivery.deliver(MESSAGE, { requireTls: true })).toMatchObject({ kind: 'deferred', status: '4.4.1' });
  });
});
