/** Loop detection: by hops (RFC 5321 §6.3), and by a copy that was delivered to, or forwarded from, the same address before. */
import type { MessageFacts } from '#engine/wire/mime/types.ts';
import { IntakeError, type IntakeRecipient } from './types.ts';

const MAX_HOPS = 100;

export function requireNoLoop(
  facts: Pick<MessageFacts, 'receivedCount' | 'deliveredTo'>,
  recipients: readonly IntakeRecipient[],
): void {
  if (facts.receivedCount > MAX_HOPS) throw new IntakeError('loop', 'The message has made too many hops.');
  const delivered = new Set(facts.deliveredTo.map((address) => address.trim().toLowerCase()));
  for (const recipient of recipients) {
    const isOurs = recipient.kind === 'local' || recipient.hosted === true;
    if (isOurs && delivered.has(recipient.address.toLowerCase())) {
      throw new IntakeError('loop', 'The message was delivered to this address before.');
    }
  }
}
