/**
 * What each account is sending and what went out, so that Send pressed again after a lost answer sends nothing twice. A message
 * is known by its Message-ID and a digest of what was written: the same again gets the first's outcome; a changed one that
 * follows one that went out is another message and gets a Message-ID of its own, as recipients' servers may drop what they have seen.
 * Kept in memory, bounded in number and age; what a restart forgets recipients still recognise by its Message-ID.
 */
import { createHash } from 'node:crypto';
import type { Person } from '../types.ts';
import type { DraftContent } from './draft.ts';

export interface SendOutcome {
  /** Recipients the server refused while it took the others. */
  refused: string[];
  /** False where the message went out but no copy could be put into Sent. */
  kept: boolean;
  /** The server has the whole message, but its answer was lost: it may have gone out. It is neither in Sent nor gone from Drafts. */
  unclear: boolean;
}

interface Sending {
  account: string;
  messageId: string;
  digest: string;
  /** The person was told that the outcome is not known, and sends again. */
  again: boolean;
  createMessageId: () => string;
}

type Send = (messageId: string) => Promise<SendOutcome>;

export interface Sendings {
  /** Answers as `send` does, or did. A `send` that throws is forgotten: nothing went out. */
  once(sending: Sending, send: Send): Promise<SendOutcome>;
}

interface Known {
  messageId: string;
  digest: string;
  at: number;
  outcome: Promise<SendOutcome>;
  /** Undefined while it is under way. */
  settled?: SendOutcome;
}

const MAX_AGE_MS = 24 * 3_600_000;
const MAX_REMEMBERED = 20_000;

/** Of what its recipients would get; where its attachments lie meanwhile does not matter. */
export function digestDraft(from: Person, draft: DraftContent): string {
  const addresses = [draft.to, draft.cc, draft.bcc].map((people) => people.map(({ address }) => address.toLowerCase()));
  const texts = [draft.subject, draft.body, draft.quote ?? ''].map((text) => text.replace(/\s+/g, ' ').trim());
  const files = draft.attachments.map(({ id, filename, contentId }) => [id, filename, contentId]);
  const written = [from.address.toLowerCase(), addresses, texts, draft.format, files];
  return createHash('sha256').update(JSON.stringify(written)).digest('hex');
}

export function createSendings({ now }: { now: () => Date }): Sendings {
  const known = new Map<string, Known>();

  function sweep(): void {
    const oldest = now().getTime() - MAX_AGE_MS;
    for (const [key, { at }] of known) {
      if (at >= oldest && known.size <= MAX_REMEMBERED) return;
      known.delete(key);
    }
  }

  async function start(key: string, digest: string, messageId: string, send: Send): Promise<SendOutcome> {
    const before = known.get(key);
    const entry: Known = { messageId, digest, at: now().getTime(), outcome: send(messageId) };
    // Anew, so that the oldest always come first.
    known.delete(key);
    known.set(key, entry);
    try {
      entry.settled = await entry.outcome;
      return entry.settled;
    } catch (error) {
      if (before) known.set(key, before);
      else known.delete(key);
      throw error;
    }
  }

  async function once(sending: Sending, send: Send): Promise<SendOutcome> {
    const { account, messageId, digest, again, createMessageId } = sending;
    const key = `${account}\n${messageId}`;
    sweep();
    const earlier = known.get(key);
    if (!earlier) return start(key, digest, messageId, send);
    const same = earlier.digest === digest;
    if (!earlier.settled) {
      if (same) return earlier.outcome;
      // How it ends decides what becomes of the changed one; its own caller is told of its failure.
      await earlier.outcome.catch(() => undefined);
      return once(sending, send);
    }
    if (earlier.settled.unclear ? !again : same) return earlier.settled;
    return start(key, digest, same ? earlier.messageId : createMessageId(), send);
  }

  return { once };
}
