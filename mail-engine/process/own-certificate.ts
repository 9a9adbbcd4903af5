import { chown } from 'node:fs/promises';
import { ensureCertificate } from '#engine/net/certificate.ts';
import { createTlsProvider, type TlsProvider } from '#engine/net/tls-provider.ts';
import type { Config } from '#server/config.ts';
import type { Logger } from '#server/logger.ts';
import type { UnprivilegedUser } from './unprivileged-user.ts';

/** The configured certificate, made at first start. A made one belongs to the user the engine becomes, so that SIGHUP can read it again. */
export async function openCertificate(
  { tls, hostname }: Config,
  user: UnprivilegedUser | undefined,
  log: Logger,
): Promise<TlsProvider> {
  if (await ensureCertificate({ ...tls, hostname })) {
    log.info({ file: tls.certFile, hostname }, 'self-signed certificate made');
    if (user) await Promise.all([tls.certFile, tls.keyFile].map((file) => chown(file, user.uid, user.gid)));
  }
  return await createTlsProvider(tls);
}
