/**
 * Postmaster at an address literal (RFC 5321 §4.1.3, §4.5.1) means this host's, as `<postmaster>` does, where the literal is this host's
 * address. Behind a NAT nobody here knows the address the world uses: a client that may not relay can mean no other host.
 */
import { readAddressLiteral } from '#engine/dns/address-literal.ts';
import type { Mailbox } from '#engine/wire/smtp/path.ts';
import { createNetworkSet } from '#server/input/network.ts';
import type { SmtpSession } from '../types.ts';

const AT_LITERAL = /^postmaster@\[/i;

export function isHostPostmaster({ role, client, connection }: SmtpSession, { address, domain }: Mailbox): boolean {
  const literal = AT_LITERAL.test(address) ? readAddressLiteral(domain) : null;
  if (literal === null) return false;
  if (role !== 'submission' && client.relaySuffix === null) return true;
  // A set of one: IPv6 addresses have many spellings.
  return createNetworkSet([literal]).has(connection.local.address);
}
