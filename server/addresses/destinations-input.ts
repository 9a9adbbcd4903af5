import { z } from 'zod';
import { mailAddressInput } from './mail-address-input.ts';

/** More readers than this want a list. */
const MAX_DESTINATIONS = 50;
/** Addresses here or anywhere, as kept; none twice. */
export const destinationsInput = z
  .array(mailAddressInput)
  .min(1, 'Enter at least one address.')
  .max(MAX_DESTINATIONS, `A forward leads to at most ${MAX_DESTINATIONS} addresses.`)
  .transform((addresses) => [...new Set(addresses)]);
