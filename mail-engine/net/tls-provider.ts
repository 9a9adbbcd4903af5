/**
 * Which certificate a client is shown: the one for the name it asks for (SNI), else the machine's own, which is a file. A reload that
 * fails keeps the certificate in use.
 */
import { constants } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContext } from 'node:tls';

/** Certificates by name. */
export interface NamedContexts {
  /** `serverName` is lower-case. Undefined at once where there is none for it, later where it cannot be used; never rejects. */
  find(serverName: string): Promise<SecureContext | undefined> | undefined;
}

export interface TlsProvider {
  /** The machine's own. */
  readonly own: SecureContext;
  contextFor(serverName: string): SecureContext | Promise<SecureContext>;
  /** From now on certificates by name are asked for here. */
  follow(named: NamedContexts): void;
  reload(): Promise<void>;
}

export interface CertificateFiles {
  certFile: string;
  keyFile: string;
}

/** Throws where they do not belong together. */
export function createServerContext(cert: string | Buffer, key: string | Buffer): SecureContext {
  // Renegotiation by the client (TLS 1.2) is refused: mail has no use for it and it costs the server more than the client.
  return createSecureContext({ cert, key, minVersion: 'TLSv1.2', secureOptions: constants.SSL_OP_NO_RENEGOTIATION });
}

async function loadContext(files: CertificateFiles): Promise<SecureContext> {
  const [cert, key] = await Promise.all([readFile(files.certFile), readFile(files.keyFile)]);
  return createServerContext(cert, key);
}

/** Rejects where the files cannot be read or do not belong together. */
export async function createTlsProvider(files: CertificateFiles): Promise<TlsProvider> {
  let own = await loadContext(files);
  let named: NamedContexts | undefined;
  return {
    get own() {
      return own;
    },
    contextFor: (serverName) => named?.find(serverName)?.then((context) => context ?? own) ?? own,
    follow: (contexts) => {
      named = contexts;
    },
    reload: async () => {
      own = await loadContext(files);
    },
  };
}
