/** A plain socket continued as the server side of TLS (1.2 or later), the certificate chosen by SNI. */
import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import type { TlsProvider } from './tls-provider.ts';
import type { TlsFacts } from './types.ts';

export function acceptTls(plain: Socket, provider: TlsProvider): TLSSocket {
  return new TLSSocket(plain, {
    isServer: true,
    secureContext: provider.own,
    SNICallback: (serverName: string, done: (error: Error | null, context?: SecureContext) => void) => {
      const context = provider.contextFor(serverName.toLowerCase());
      if (context instanceof Promise) void context.then((found) => done(null, found));
      else done(null, context);
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
