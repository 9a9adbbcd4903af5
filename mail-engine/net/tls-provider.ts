/**
 * Which certificate a client is shown. One certificate for all names today; `contextFor` is asked per handshake with the name
 * of SNI, so certificates per domain need no change in the listener. A reload that fails keeps the certificate in use.
 */

import { constants } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContext } from 'node:tls';

export interface TlsProvider {
  /** `serverName` as in SNI, null where the client sent none. */
  contextFor(serverName: string | null): SecureContext;
  reload(): Promise<void>;
}

export interface CertificateFiles {
  certFile: string;
  keyFile: string;
}

async function loadContext(files: CertificateFiles): Promise<SecureContext> {
  const [cert, key] = await Promise.all([readFile(files.certFile), readFile(files.keyFile)]);
  // Renegotiation by the client (TLS 1.2) is refused: mail has no use for it and it costs the server more than the client.
  return createSecureContext({ cert, key, minVersion: 'TLSv1.2', secureOptions: constants.SSL_OP_NO_RENEGOTIATION });
}

/** Rejects where the files cannot be read or do not belong together. */
export async function createTlsProvider(files: CertificateFiles): Promise<TlsProvider> {
  let context = await loadContext(files);
  return {
    contextFor: () => context,
    reload: async () => {
      context = await loadContext(files);
    },
  };
}
