import { z } from 'zod';
import { normaliseDomain } from '../addresses/normalise-address.ts';

const WRONG = 'Enter a domain like example.org: letters, digits and hyphens between dots, no address, no port.';

/** A domain as typed, in any script; comes out in A-labels. */
export const domainNameInput = z
  .string()
  .trim()
  .transform((typed, issues) => {
    const name = normaliseDomain(typed);
    if (name?.includes('.')) return name;
    issues.addIssue({ code: 'custom', message: WRONG });
    return z.NEVER;
  });
