import { z } from 'zod';
import { normaliseAddress } from './normalise-address.ts';

/** A dot-string (RFC 5321 §4.1.2, RFC 6531 §3.3): what needs quotes is hardly an address somebody has. */
const DOT_STRING = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(?:\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;

/** An address here or anywhere, in its one spelling. */
export const mailAddressInput = z
  .string({ error: 'Enter an email address.' })
  .trim()
  .transform((typed, issues) => {
    const normalised = normaliseAddress(typed);
    if (normalised && DOT_STRING.test(normalised.localPart) && normalised.domain.includes('.'))
      return normalised.address;
    issues.addIssue({
      code: 'custom',
      message: `“${typed.slice(0, 80)}” is not an email address. Enter one like name@example.com.`,
    });
    return z.NEVER;
  });
