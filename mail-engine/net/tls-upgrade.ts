/** A plain socket continued as the server side of TLS (1.2 or later), the certificate chosen by SNI. */
import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import type { TlsProvider } from './tls-provider.ts';
import type { TlsFacts } from './types.ts';

export function acceptTls(plain: Socket, provider: TlsProvider): TLSSocket {
  return new TLSSocket(plain, {
    isServer: true,
    secureContext: provider.contextFor(null),
    SNICallback: (serverName: string, done: (error: Error | null, context?: SecureContext) => void) => {
      done(null, provider.contextFor(serverName.toLowerCase()));
    },
  });
}

export function readTlsFacts(secure: TLSSocket): TlsFacts {
  const cipher = secure.getCipher();
  // Server side: the name of SNI, or false where the client sent none.
  const { servername } = secure as TLSSocket & { servername?: string | false | null };
  return {
    protocol: secure.getProtocol() ?? 'TLS',
    cipher: cipher.standardName ?? cipher.name,
    serverName: typeof servername === 'string' && servername !== '' ? servername : null,
  };
}
