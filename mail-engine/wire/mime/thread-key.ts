/** The conversation a message belongs to, as a number: the same for all messages that refer to one root. */
import { hash } from 'node:crypto';
import { readMessageIds } from './envelope.ts';
import type { MessageFacts } from './types.ts';

/**
 * A key of 53 bits, which a number holds, from the oldest reference, else the message's own Message-ID, else `fallback` (bytes of the
 * caller's choice, unique to the message): the last of the first 64 bits of its SHA-256.
 */
export function threadKeyOf(facts: Pick<MessageFacts, 'references' | 'imapEnvelope'>, fallback: Uint8Array): number {
  const root = facts.references[0] ?? readMessageIds(facts.imapEnvelope.messageId)[0];
  const digest = hash('sha256', root ?? fallback, 'hex');
  const high = Number.parseInt(digest.slice(2, 4), 16) & 0x1f;
  return high * 2 ** 48 + Number.parseInt(digest.slice(4, 16), 16);
}
