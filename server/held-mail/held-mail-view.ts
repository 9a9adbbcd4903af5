/** Held mail as results carry it: whose, how much and why; never what is in it. */
import type { Actor } from '../actor/actor.ts';
import { describeExcess, MEASURES, SCOPES } from '../send-limits/measures.ts';
import { governs } from '../send-limits/require-scope.ts';

/** One mailbox whose outgoing mail is held; ids are decimal strings, sizes bytes, times ISO 8601. */
export interface HeldAccountView {
  /** Of the account. */
  id: string;
  address: string;
  domain: { id: string; name: string };
  heldAt: string;
  /** One sentence. */
  reason: string;
  messages: number;
  recipients: number;
  sizeBytes: number;
  suspendedAt: string | null;
  /** Whether the actor may let it go: those who set the limit that was reached. */
  mayRelease: boolean;
}

export interface HeldAccountRow {
  id: bigint;
  address: string;
  domain_id: bigint;
  domain_name: string;
  held_at: Date;
  scope: string;
  measure: string;
  limit_value: number;
  suspended_at: Date | null;
  messages: bigint;
  recipients: bigint;
  size: bigint;
}

/** What a hold's row says, in words of the code. */
export function readExcess(row: { scope: string; measure: string; limit: number }) {
  const scope = SCOPES.find((known) => known === row.scope) ?? 'account';
  const measure = MEASURES.find((known) => known === row.measure) ?? 'messagesPerHour';
  return { scope, measure, limit: row.limit };
}

export function toHeldAccountView(row: HeldAccountRow, actor: Actor): HeldAccountView {
  const excess = readExcess({ scope: row.scope, measure: row.measure, limit: row.limit_value });
  return {
    id: String(row.id),
    address: row.address,
    domain: { id: String(row.domain_id), name: row.domain_name },
    heldAt: row.held_at.toISOString(),
    reason: `${describeExcess(excess)}.`,
    messages: Number(row.messages),
    recipients: Number(row.recipients),
    sizeBytes: Number(row.size),
    suspendedAt: row.suspended_at?.toISOString() ?? null,
    mayRelease: governs(actor, excess.scope),
  };
}
