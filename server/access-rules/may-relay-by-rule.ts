/**
 * Whether a rule lets its clients relay. An opening by POP-before-SMTP gives less (its own account's senders), so it never stands in
 * such a rule's place: whoever signs in to a mailbox from a trusted machine would take relaying from everybody else there.
 */
import type { AccessDecision } from './types.ts';

export function mayRelayByRule({ allow, variables }: AccessDecision): boolean {
  return allow && variables.has('RELAYCLIENT');
}
