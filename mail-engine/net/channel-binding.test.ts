import { execFile } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { logger } from '#server/logger.ts';
import { bindEndPoint } from './channel-binding.ts';
import { listen } from './listener.ts';
import { gateOf } from './testing/gate.ts';
import { createTestTls } from './testing/test-tls.ts';
import type { Connection, Listener } from './types.ts';

const run = promisify(execFile);
let dir: string;
const open: Listener[] = [];
const sockets: TLSSocket[] = [];
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mailstead-binding-'));
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const listener of open.splice(0)) await listener.close(1_000);
});
afterAll(() => rm(dir, { recursive: true }));

async function makeCertificate(options: readonly string[]): Promise<X509Certificate> {
  const [cert, key] = [join(dir, 'cert.pem'), join(dir, 'key.pem')];
  await run('openssl', ['req', '-x509', '-nodes', '-subj', '/CN=mail.test', '-out', cert, '-keyout', key, ...options]);
  return new X509Certificate(await readFile(cert));
}

const rsa = ['-newkey', 'rsa:2048'];
const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
const pss = ['-sigopt', 'rsa_padding_mode:pss'];

test.each([
  ['SHA-1 with RSA', [...rsa, '-sha1'], 'sha256'],
  ['SHA-256 with RSA', [...rsa, '-sha256'], 'sha256'],
  ['SHA-512 with RSA', [...rsa, '-sha512'], 'sha512'],
  ['SHA-384 with ECDSA', [...ec, '-sha384'], 'sha384'],
  ['RSASSA-PSS with SHA-384', [...rsa, '-sha384', ...pss], 'sha384'],
  ['RSASSA-PSS with SHA-1', [...rsa, '-sha1', ...pss], 'sha256'],
])('the end point of a certificate signed by %s', async (_name, options, hash) => {
  const certificate = await makeCertificate(options);
  expect(bindEndPoint(certificate)?.toString('hex')).toBe(createHash(hash).update(certificate.raw).digest('hex'));
});

test('a certificate signed by Ed25519 names no hash and has no end point', async () => {
  expect(bindEndPoint(await makeCertificate(['-newkey', 'ed25519']))).toBeNull();
});

async function bindingsOver(maxVersion: 'TLSv1.2' | 'TLSv1.3') {
  const seen = Promise.withResolvers<Connection>();
  const listener = await listen(
    {
      service: 'test',
      bind: ['127.0.0.1'],
      port: 0,
      implicitTls: true,
      gate: gateOf({ maxConnections: 1 }),
      busyLine: '',
      handler: async (connection) => {
        seen.resolve(connection);
        await connection.readLine(10, 20_000);
      },
    },
    { tls: await createTestTls(), log: logger('net') },
  );
  open.push(listener);
  const ready = Promise.withResolvers<void>();
  const client = connect({ port: listener.port, rejectUnauthorized: false, maxVersion }, ready.resolve);
  sockets.push(client);
  client.once('error', ready.reject);
  await ready.promise;
  return { connection: await seen.promise, client };
}

test('both sides of a TLS 1.3 connection find the same bindings', async () => {
  const { connection, client } = await bindingsOver('TLSv1.3');
  const exported = client.exportKeyingMaterial(32, 'EXPORTER-Channel-Binding', Buffer.alloc(0));
  expect(connection.channelBinding('tls-exporter')).toEqual(exported);
  const certificate = client.getPeerX509Certificate();
  const digest = createHash('sha256')
    .update(certificate?.raw ?? '')
    .digest();
  expect(connection.channelBinding('tls-server-end-point')).toEqual(digest);
});

test('TLS 1.2 is bound by its end point only', async () => {
  const { connection } = await bindingsOver('TLSv1.2');
  expect(connection.channelBinding('tls-exporter')).toBeNull();
  expect(connection.channelBinding('tls-server-end-point')).toHaveLength(32);
});
