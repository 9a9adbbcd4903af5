/** The conversation a message belongs to, as a number: the same for all messages that refer to one root. */
import { hash } from 'node:crypto';
import { readMessageIds } from './envelope.ts';
import type { MessageFacts } from './types.ts';

/**
 * Signed 64-bit key from the oldest reference, else the message's own Message-ID, else `fallback` (bytes of the caller's
 * choice, unique to the message).
 */
export function threadKeyOf(facts: Pick<MessageFacts, 'references' | 'imapEnvelope'>, fallback: Uint8Array): bigint {
  const root = facts.references[0] ?? readMessageIds(facts.imapEnvelope.messageId)[0];
  return hash('sha256', root ?? fallback, 'buffer').readBigInt64BE(0);
}
