/**
 * Who gets mail for postmaster where nobody has that address (RFC 5321 §4.5.1): at a hosted domain whose own names and catch-all lead
 * nowhere, and at this host's own name where that is no hosted domain. The address the settings name stands in, as a forward to it
 * would; where they name none, nothing changes.
 */
import { type NormalisedAddress, normaliseAddress, normaliseDomain } from '../addresses/normalise-address.ts';
import type { Resolved } from './resolve-address.ts';

const POSTMASTER = 'postmaster';

export interface PostmasterOptions {
  /** This host's own name. */
  hostname: string;
  /** The address that stands in, empty for none. Read at every question. */
  address: () => string;
}

export interface Postmaster {
  /** What `resolved` is where it left a postmaster without a mailbox. */
  standIn(address: NormalisedAddress, resolved: Resolved): Promise<Resolved>;
  /** True for postmaster at this host's own name, whoever hosts that, while somebody stands in. */
  isHosts(address: string): boolean;
}

export function isPostmaster({ localPart }: NormalisedAddress): boolean {
  return localPart === POSTMASTER;
}

export function createPostmaster(
  { hostname, address }: PostmasterOptions,
  isHosted: (domain: string) => Promise<boolean>,
): Postmaster {
  const host = normaliseDomain(hostname);
  const own = `${POSTMASTER}@${host}`;
  const isVacant = ({ domain }: NormalisedAddress, { kind }: Resolved): boolean =>
    kind === 'unknown' || (kind === 'not-hosted' && domain === host);
  return {
    standIn: async (asked, resolved) => {
      const target = isPostmaster(asked) && isVacant(asked, resolved) ? normaliseAddress(address()) : undefined;
      if (target === undefined) return resolved;
      // Sent to our own name, it would come back to us from the queue.
      if (target.domain === host && !(await isHosted(host))) return { kind: 'unknown' };
      const forwards = [target.address];
      return { kind: 'found', by: 'postmaster', targets: [], someSuspended: false, forwards, responderId: null };
    },
    isHosts: (asked) => host !== undefined && asked.toLowerCase() === own && address() !== '',
  };
}
