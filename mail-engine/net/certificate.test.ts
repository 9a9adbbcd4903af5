import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureCertificate } from './certificate.ts';
import { createTlsProvider } from './tls-provider.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'mailstead-certificate-'));
});
afterAll(() => rm(dir, { recursive: true }));

test('a first start makes a certificate for its names, the key closed to others; a second start keeps it', async () => {
  const files = { certFile: join(dir, 'a', 'cert.pem'), keyFile: join(dir, 'a', 'key.pem') };
  expect(await ensureCertificate({ ...files, hostname: 'mx.example.com' })).toBe(true);
  const pem = await readFile(files.certFile, 'utf8');
  const certificate = new X509Certificate(pem);
  for (const name of ['mx.example.com', 'localhost']) expect(certificate.checkHost(name)).toBe(name);
  for (const ip of ['127.0.0.1', '::1']) expect(certificate.checkIP(ip)).toBe(ip);
  expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
  expect((await stat(files.keyFile)).mode & 0o777).toBe(0o600);
  expect(await ensureCertificate({ ...files, hostname: 'mx.example.com' })).toBe(false);
  expect(await readFile(files.certFile, 'utf8')).toBe(pem);
  const provider = await createTlsProvider(files);
  const before = provider.own;
  await provider.reload();
  expect(provider.own).not.toBe(before);
});

test('a certificate without its key is refused', async () => {
  const files = { certFile: join(dir, 'b', 'cert.pem'), keyFile: join(dir, 'b', 'key.pem') };
  await ensureCertificate({ ...files, hostname: 'mx.example.com' });
  await rm(files.keyFile);
  await expect(ensureCertificate({ ...files, hostname: 'mx.example.com' })).rejects.toThrow(/key\.pem is missing/);
});
