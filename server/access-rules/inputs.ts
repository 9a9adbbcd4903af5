import { isIP } from 'node:net';
import { z } from 'zod';
import { ACCESS_SERVICES } from './default-rules.ts';

const MAX_CHARS = 256 * 1024;

export const serviceInput = z.enum(ACCESS_SERVICES, { error: 'There is no such service.' });

/** As a browser sends it: line ends become LF, which alone ends a line for tcprules. */
export const rulesTextInput = z
  .string()
  .max(MAX_CHARS, `Rules may be ${MAX_CHARS / 1024} KB at most.`)
  .refine((text) => !text.includes('\0'), 'There is a NUL character in the text.')
  .transform((text) => text.replaceAll(/\r\n?/g, '\n'));

export const clientAddressInput = z
  .string()
  .trim()
  .toLowerCase()
  .refine((text) => isIP(text) !== 0 && !text.includes('%'), 'Enter an IPv4 or IPv6 address.');
