import { z } from 'zod';
import { normaliseAddress } from './normalise-address.ts';

/** More readers than this want a list. */
const MAX_DESTINATIONS = 50;
/** A dot-string (RFC 5321 §4.1.2, RFC 6531 §3.3): what needs quotes is hardly an address somebody has. */
const DOT_STRING = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;

const destination = z
  .string()
  .trim()
  .transform((typed, issues) => {
    const normalised = normaliseAddress(typed);
    if (normalised && DOT_STRING.test(normalised.localPart) && normalised.domain.includes('.'))
      return normalised.address;
    issues.addIssue({ code: 'custom', message: `This is no email address: ${typed.slice(0, 80)}` });
    return z.NEVER;
  });

/** Addresses here or anywhere, as kept; none twice. */
export const destinationsInput = z
  .array(destination)
  .min(1, 'Enter at least one address.')
  .max(MAX_DESTINATIONS, `A forward leads to at most ${MAX_DESTINATIONS} addresses.`)
  .transform((addresses) => [...new Set(addresses)]);
