/** A recipient as `send_recipient` keeps it: 64 bits of a hash, so that the table says to nobody to whom an account has written. */
import { createHash } from 'node:crypto';
import { normaliseAddress } from '../addresses/normalise-address.ts';

/** A signed 64-bit number in decimal. Two addresses of one hash count as one: at this size they do not meet. */
export function hashRecipient(accountId: number, address: string): string {
  const spelled = normaliseAddress(address)?.address ?? address.toLowerCase();
  return createHash('sha256').update(`${accountId}:${spelled}`).digest().readBigInt64BE().toString();
}
