import { z } from 'zod';

/** What the owner of a mailbox may choose for webmail; kept in `account.preferences`, unknown keys of it untouched. */
const preferences = z.object({
  displayName: z
    .string()
    .trim()
    .max(100)
    .refine((name) => !/\p{Cc}/u.test(name), 'no control characters'),
  /** HTML of the composer, put under new messages. */
  signature: z.string().max(20_000, 'the signature is too long'),
  density: z.enum(['comfortable', 'compact']),
  /** Images of the network: asked for per message, or always shown. */
  remoteImages: z.enum(['ask', 'always']),
  composeFormat: z.enum(['html', 'plain']),
  undoSendSeconds: z.union([z.literal(0), z.literal(5), z.literal(10), z.literal(20)]),
});

export const preferenceChanges = preferences.partial();

export type Preferences = z.output<typeof preferences>;

const DEFAULTS: Preferences = {
  displayName: '',
  signature: '',
  density: 'comfortable',
  remoteImages: 'ask',
  composeFormat: 'html',
  undoSendSeconds: 5,
};

/** A wrong stored value falls back to its default rather than locking the owner out of their mail. */
export function parsePreferences(stored: unknown): Preferences {
  const source: Record<string, unknown> = typeof stored === 'object' && stored !== null ? { ...stored } : {};
  for (const [key, schema] of Object.entries(preferences.shape)) {
    if (!schema.safeParse(source[key]).success) delete source[key];
  }
  return preferences.parse({ ...DEFAULTS, ...source });
}
