import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureCertificate } from '../certificate.ts';
import { createTlsProvider, type TlsProvider } from '../tls-provider.ts';

/** A provider with a certificate of its own, made the way a first start makes it. */
export async function createTestTls(hostname = 'mail.test'): Promise<TlsProvider> {
  const dir = await mkdtemp(join(tmpdir(), 'mailstead-tls-'));
  const files = { certFile: join(dir, 'cert.pem'), keyFile: join(dir, 'key.pem') };
  await ensureCertificate({ ...files, hostname });
  const provider = await createTlsProvider(files);
  await rm(dir, { recursive: true });
  return provider;
}
