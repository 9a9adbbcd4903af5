import type { SmtpSession } from './types.ts';

/** The most the setting can be, and so the most that is ever taken. */
const UNLIMITED_BYTES = 1024 ** 3;

/** Of a message in this session: DATABYTES of the access rules, where 0 is as much as there is room for, else the setting. */
export function maxMessageBytes({ client, deps }: SmtpSession): number {
  const given = client.maxMessageBytes;
  if (given === null) return deps.settings().maxMessageBytes;
  return given === 0 ? UNLIMITED_BYTES : Math.min(given, UNLIMITED_BYTES);
}
