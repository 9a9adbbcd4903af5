/**
 * Who suspended something stands beside it. Only the same kind of actor, or one that ranks above, ends it: a domain owner cannot
 * resume the mailbox that the host stopped. Suspending what a lower rank had suspended takes it over.
 */
import type { Actor, ActorKind } from './actor.ts';
import { OperationError } from './errors.ts';

const RANKS: readonly ActorKind[] = ['mailbox-owner', 'domain-owner', 'reseller', 'admin', 'system'];

const rankOf = (kind: string): number => RANKS.indexOf(kind as ActorKind);

/** WHERE of what the actor's suspension changes: what is not suspended, or was by somebody of lower rank. */
export function suspendable(actor: Actor): { OR: [{ suspendedAt: null }, { suspendedBy: { in: ActorKind[] } }] } {
  return { OR: [{ suspendedAt: null }, { suspendedBy: { in: RANKS.slice(0, rankOf(actor.kind)) } }] };
}

/** Throws `forbidden` when one of `rows` was suspended by somebody above the actor. */
export function requireMayResume(actor: Actor, rows: readonly { suspendedBy: string | null }[]): void {
  const isAbove = ({ suspendedBy }: { suspendedBy: string | null }): boolean =>
    suspendedBy !== null && rankOf(suspendedBy) > rankOf(actor.kind);
  if (rows.some(isAbove)) {
    throw new OperationError('forbidden', 'This was suspended by those who host you: ask them to resume it.');
  }
}

export const RESUMED = { suspendedAt: null, suspendedBy: null };
