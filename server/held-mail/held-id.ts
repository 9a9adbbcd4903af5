/**
 * Whose mail is held, as results and input carry it: the id of an account, or `domain-` and the id of a domain whose addresses
 * forwarded more than may leave.
 */
import { z } from 'zod';
import { Prisma } from '../database/prisma.ts';
import { idInput } from '../input/id.ts';

export interface HeldId {
  kind: 'account' | 'domain';
  id: bigint;
}

const domainInput = z
  .string()
  .regex(/^domain-[1-9]\d{0,17}$/, 'This is not an id.')
  .transform((text): HeldId => ({ kind: 'domain', id: BigInt(text.slice('domain-'.length)) }));

export const heldIdInput = z.union([domainInput, idInput.transform((id): HeldId => ({ kind: 'account', id }))], {
  error: 'This is not an id.',
});

export function formatHeldId({ kind, id }: HeldId): string {
  return kind === 'account' ? String(id) : `domain-${id}`;
}

export const heldIdsInput = z
  .array(heldIdInput)
  .min(1, 'Choose at least one.')
  .max(500, 'Choose at most 500 at a time.')
  .transform((ids) => [...new Map(ids.map((id) => [formatHeldId(id), id])).values()]);

export function idsOf(kind: HeldId['kind'], ids: readonly HeldId[]): bigint[] {
  return ids.filter((one) => one.kind === kind).map(({ id }) => id);
}

/** For hand-written SQL in which `queue_message` is called `m` and `queue_entry` is called `e`: entries a send limit holds of theirs. */
export function heldOf(ids: readonly HeldId[]): Prisma.Sql {
  return Prisma.sql`(m.account_id = ANY (${idsOf('account', ids)}::bigint[])
      OR m.forwarding_domain_id = ANY (${idsOf('domain', ids)}::bigint[]))
    AND e.state = 'held' AND e.hold_reason IS NOT NULL`;
}
