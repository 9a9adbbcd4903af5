/**
 * Queue entries as results carry them, and the one FROM that reads them. An entry belongs to the domain of the account that submitted
 * its message; what nobody of ours submitted (bounces) only admins see.
 */

import type { Actor } from '../actor/actor.ts';
import { domainScopeSql } from '../actor/scopes.ts';
import { Prisma } from '../database/prisma.ts';

export const QUEUE_STATES = ['waiting', 'leased', 'held', 'delivered', 'bounced'] as const;

export type QueueEntryState = (typeof QUEUE_STATES)[number];

/** Ids are decimal strings, times ISO 8601. */
export interface QueueEntryView {
  id: string;
  /** Empty for bounces. */
  sender: string;
  recipient: string;
  destination: string;
  /** `delivered` and `bounced` ones are over, but their sender has not been told yet. */
  state: QueueEntryState;
  attempts: number;
  nextAttemptAt: string;
  lastAttemptAt: string | null;
  lastReply: string | null;
  /** Why it was held when it came; null where a person held it. */
  holdReason: string | null;
  /** Its sender asked that it leave no sooner (RFC 4865). */
  notBefore: string | null;
  sizeBytes: number;
  createdAt: string;
  expiresAt: string;
  /** Who submitted it. */
  account: { id: string; address: string } | null;
  /** Names the message in logs and traces. */
  ref: string;
}

export interface QueueEntryRow {
  id: bigint;
  sender: string;
  recipient: string;
  destination: string;
  state: QueueEntryState;
  attempts: number;
  next_attempt_at: Date;
  last_attempt_at: Date | null;
  last_reply: string | null;
  hold_reason: string | null;
  not_before: Date | null;
  size: bigint;
  created_at: Date;
  expires_at: Date;
  account_id: bigint | null;
  address: string | null;
  ref: string;
}

export const ENTRY_COLUMNS = Prisma.sql`e.id, m.sender, e.recipient, e.destination, e.state::text, e.attempts, e.next_attempt_at,
  e.last_attempt_at, e.last_reply, e.hold_reason, m.not_before, m.size, m.created_at, m.expires_at, m.account_id, a.address, m.ref`;

/** `e` queue_entry, `m` its message, `a` and `d` the submitter's account and domain: those the actor may see. */
export function visibleEntries(actor: Actor): Prisma.Sql {
  return Prisma.sql`queue_entry e JOIN queue_message m ON m.id = e.message_id
    LEFT JOIN account a ON a.id = m.account_id LEFT JOIN domain d ON d.id = a.domain_id
    WHERE ${domainScopeSql(actor)}`;
}

export function toQueueEntryView(row: QueueEntryRow): QueueEntryView {
  const { sender, recipient, destination, state, attempts, ref } = row;
  return {
    id: String(row.id),
    sender,
    recipient,
    destination,
    state,
    attempts,
    nextAttemptAt: row.next_attempt_at.toISOString(),
    lastAttemptAt: row.last_attempt_at?.toISOString() ?? null,
    lastReply: row.last_reply,
    holdReason: row.hold_reason,
    notBefore: row.not_before?.toISOString() ?? null,
    sizeBytes: Number(row.size),
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    account: row.account_id !== null ? { id: String(row.account_id), address: row.address ?? '' } : null,
    ref,
  };
}
