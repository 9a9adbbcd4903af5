import { domainScopeSql } from '../actor/scopes.ts';
import { Prisma } from '../database/prisma.ts';
import { containsPattern, type ListResult, listInput, pageOf } from '../input/list.ts';
import { defineOperation } from '../operation.ts';
import { type HeldId, heldIdInput } from './held-id.ts';
import { type HeldRow, type HeldView, toHeldView } from './held-mail-view.ts';

const COLUMNS = {
  heldAt: Prisma.sql`h.held_at`,
  address: Prisma.sql`address`,
  messages: Prisma.sql`s.messages`,
} as const;

const ADDRESS = Prisma.sql`coalesce(a.address, d.name)`;

function matchHeld(given: HeldId | undefined): Prisma.Sql {
  if (given === undefined) return Prisma.sql`true`;
  return given.kind === 'account'
    ? Prisma.sql`h.account_id = ${given.id}`
    : Prisma.sql`h.forwarding_domain_id = ${given.id}`;
}

/** Mailboxes whose outgoing mail, and domains whose forwards are held for being over a send limit, in the actor's scope. */
export const listHeld = defineOperation({
  name: 'heldMail.list',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'read',
  input: listInput(['heldAt', 'address', 'messages'], { id: heldIdInput }),
  run: async ({ db, actor }, given): Promise<ListResult<HeldView>> => {
    const { take, skip } = pageOf(given);
    const direction = given.direction === 'asc' ? Prisma.sql`ASC` : Prisma.sql`DESC`;
    const from = Prisma.sql`FROM send_hold h LEFT JOIN account a ON a.id = h.account_id
        JOIN domain d ON d.id = coalesce(a.domain_id, h.forwarding_domain_id)
      WHERE a.deleted_at IS NULL AND d.deleted_at IS NULL AND ${domainScopeSql(actor)} AND ${matchHeld(given.filters.id)}
        AND ${ADDRESS} LIKE ${containsPattern(given.search.toLowerCase())}`;
    const [counted, rows] = await Promise.all([
      db.$queryRaw<{ total: bigint }[]>`SELECT count(*) AS total ${from}`,
      db.$queryRaw<HeldRow[]>`
        SELECT h.account_id, h.address, h.domain_id, h.domain_name, h.held_at, h.scope, h.measure, h.limit_value, h.suspended_at,
          s.messages, s.recipients, s.size
        FROM (SELECT h.*, ${ADDRESS} AS address, d.id AS domain_id, d.name AS domain_name, a.suspended_at ${from}) h
          CROSS JOIN LATERAL (
            SELECT count(*) AS messages, coalesce(sum(held.entries), 0)::bigint AS recipients,
              coalesce(sum(held.size), 0)::bigint AS size
            FROM (SELECT m.size, count(*) AS entries FROM queue_message m JOIN queue_entry e ON e.message_id = m.id
              WHERE (m.account_id = h.account_id OR m.forwarding_domain_id = h.forwarding_domain_id)
                AND e.state = 'held' AND e.hold_reason IS NOT NULL GROUP BY m.id) held) s
        ORDER BY ${COLUMNS[given.sort]} ${direction}, h.id LIMIT ${take} OFFSET ${skip}`,
    ]);
    return { rows: rows.map((row) => toHeldView(row, actor)), total: Number(counted[0]?.total ?? 0) };
  },
});
