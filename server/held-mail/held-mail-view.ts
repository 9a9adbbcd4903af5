/** Held mail as results carry it: whose, how much and why; never what is in it. */
import type { Actor } from '../actor/actor.ts';
import { describeExcess, MEASURES, SCOPES } from '../send-limits/measures.ts';
import { governs } from '../send-limits/require-scope.ts';
import { formatHeldId, type HeldId } from './held-id.ts';

/** A mailbox whose outgoing mail is held, or a domain whose forwards are; sizes are bytes, times ISO 8601. */
export interface HeldView {
  /** `held-id.ts`. */
  id: string;
  kind: HeldId['kind'];
  /** The address, or the domain's name. */
  address: string;
  /** The same in words, as a heading or a row begins. */
  name: string;
  domain: { id: string; name: string };
  heldAt: string;
  /** One sentence. */
  reason: string;
  messages: number;
  recipients: number;
  sizeBytes: number;
  /** The mailbox. */
  suspendedAt: string | null;
  /** Whether the actor may let it go: those who set the limit that was reached. */
  mayRelease: boolean;
}

export interface HeldRow {
  account_id: bigint | null;
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

/** `name`: an address, or a domain's name. */
export function nameHeld(kind: HeldId['kind'], name: string): string {
  return kind === 'account' ? name : `Forwards of ${name}`;
}

export function toHeldView(row: HeldRow, actor: Actor): HeldView {
  const held: HeldId =
    row.account_id === null ? { kind: 'domain', id: row.domain_id } : { kind: 'account', id: row.account_id };
  const excess = readExcess({ scope: row.scope, measure: row.measure, limit: row.limit_value });
  return {
    id: formatHeldId(held),
    kind: held.kind,
    address: row.address,
    name: nameHeld(held.kind, row.address),
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
