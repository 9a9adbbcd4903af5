/**
 * What an attempt's outcome makes of an entry: the rules of docs/queue.md as one pure function. Who is told follows NOTIFY
 * (RFC 3461 §4.1, §5.2): without it failures and delays are reported, with NEVER nothing is, and a success only on request and
 * only by the last server that understands such requests. A message with an empty sender is never answered (RFC 3464 §2).
 */
import type { Outcome } from '#engine/delivery/outcome.ts';
import type { LeasedEntry, Notice, QueuedMessage } from './types.ts';

type TraceKind = 'delivered' | 'deferred' | 'bounced' | 'expired';

export type Move =
  /** The entry is done and nobody needs to be told. */
  | { to: 'removed'; trace: TraceKind }
  | { to: 'delivered'; trace: TraceKind; notice: Notice }
  | { to: 'bounced'; trace: TraceKind; notice: Notice }
  /** At the time booked when it was leased. `notice`: the delay is to be reported now. */
  | { to: 'waiting'; trace: TraceKind; notice: Notice | null };

/** RFC 3463 §3.5: delivery time expired. */
const EXPIRED_STATUS = '5.4.7';

function wants(notify: string | null, event: 'SUCCESS' | 'FAILURE' | 'DELAY'): boolean {
  if (notify === null || notify === '') return event !== 'SUCCESS';
  return notify.toUpperCase().split(',').includes(event);
}

function toNotice(action: Notice['action'], outcome: Outcome, now: Date, status = outcome.status): Notice {
  const { reply, spoken, remoteHost } = outcome;
  return { action, status, diagnostic: reply, spoken, remoteHost, lastAttemptAt: now.toISOString() };
}

function decideEnd(message: QueuedMessage, entry: LeasedEntry, trace: TraceKind, notice: Notice): Move {
  const told = message.sender !== '' && wants(entry.notify, 'FAILURE');
  return told ? { to: 'bounced', trace, notice } : { to: 'removed', trace };
}

function isDelayDue(message: QueuedMessage, entry: LeasedEntry, now: Date, afterMs: number | null): boolean {
  if (afterMs === null || entry.delayNotified || message.sender === '' || !wants(entry.notify, 'DELAY')) return false;
  // What was to wait is late only from then on.
  return now.getTime() - Math.max(message.createdAt.getTime(), message.notBefore?.getTime() ?? 0) >= afterMs;
}

export function decideMove(
  message: QueuedMessage,
  entry: LeasedEntry,
  outcome: Outcome,
  now: Date,
  delayNoticeAfterMs: number | null,
): Move {
  switch (outcome.kind) {
    case 'delivered': {
      const told = message.sender !== '' && wants(entry.notify, 'SUCCESS') && !outcome.passesDsn;
      const action = outcome.remoteHost === null ? 'delivered' : 'relayed';
      if (!told) return { to: 'removed', trace: 'delivered' };
      return { to: 'delivered', trace: 'delivered', notice: toNotice(action, outcome, now) };
    }
    case 'failed':
      return decideEnd(message, entry, 'bounced', toNotice('failed', outcome, now));
    case 'deferred': {
      if (now >= message.expiresAt) {
        return decideEnd(message, entry, 'expired', toNotice('failed', outcome, now, EXPIRED_STATUS));
      }
      const delayed = isDelayDue(message, entry, now, delayNoticeAfterMs);
      return { to: 'waiting', trace: 'deferred', notice: delayed ? toNotice('delayed', outcome, now) : null };
    }
  }
}
