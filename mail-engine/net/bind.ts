import type { Server } from 'node:net';

const BACKLOG = 1024;
/** What a machine without IPv6 (or without that address) answers. */
const FAMILY_MISSING = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EPROTONOSUPPORT']);

/**
 * Resolves to the bound port, or undefined where the machine lacks IPv6. `::` is bound v6-only where an IPv4 address is
 * bound beside it, else it serves both. Rejects with the system's error (EADDRINUSE, EACCES …).
 */
export async function bindServer(
  server: Server,
  host: string,
  port: number,
  all: readonly string[],
): Promise<number | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  const ipv6Only = host.includes(':') && all.some((other) => !other.includes(':'));
  server.listen({ host, port, ipv6Only, backlog: BACKLOG }, resolve);
  try {
    await promise;
  } catch (error) {
    if (host.includes(':') && FAMILY_MISSING.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  } finally {
    server.off('error', reject);
  }
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a listening socket without a port');
  return address.port;
}
