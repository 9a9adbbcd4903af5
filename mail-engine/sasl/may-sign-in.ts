import { isLoopback } from '#engine/net/peer-address.ts';
import type { Connection } from '#engine/net/types.ts';
import type { SignInSettings } from './types.ts';

/** Credentials may be sent over TLS; in clear only from this very machine, where a setting says so. */
export function maySignIn({ tls, peer, local }: Connection, { clearOnLoopback }: SignInSettings): boolean {
  if (tls !== null) return true;
  return clearOnLoopback && isLoopback(peer.address) && isLoopback(local.address);
}
