import { z } from 'zod';

const WRONG = 'Enter a domain like example.org: letters, digits and hyphens between dots, no address, no port.';
const LABEL = '[\\p{L}\\p{N}](?:[\\p{L}\\p{N}\\p{M}-]*[\\p{L}\\p{N}\\p{M}])?';

/** What can be said about a domain while it is typed; the operation's own schema knows IDNA and has the last word. */
export const typedDomain = z
  .string()
  .trim()
  .max(253, WRONG)
  .regex(new RegExp(`^${LABEL}(?:\\.${LABEL})+$`, 'u'), WRONG);
