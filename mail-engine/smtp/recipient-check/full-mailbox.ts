import type { SmtpSession } from '../types.ts';

/** True where mail for a full mailbox is to go back at once. Never on LMTP: the client keeps it and tries again (RFC 2033 §4.2). */
export function refusesFullForGood({ role, deps }: SmtpSession): boolean {
  return role !== 'lmtp' && deps.recipientCheck.settings().fullIsFinal;
}
