import { domainScopeSql } from '../actor/scopes.ts';
import { Prisma } from '../database/prisma.ts';
import { idInput } from '../input/id.ts';
import { containsPattern, type ListResult, listInput, pageOf } from '../input/list.ts';
import { defineOperation } from '../operation.ts';
import { type HeldAccountRow, type HeldAccountView, toHeldAccountView } from './held-mail-view.ts';

const COLUMNS = {
  heldAt: Prisma.sql`h.held_at`,
  address: Prisma.sql`a.address`,
  messages: Prisma.sql`s.messages`,
} as const;

/** Mailboxes whose outgoing mail is held for being over a send limit, in the actor's scope. */
export const listHeld = defineOperation({
  name: 'heldMail.list',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'read',
  input: listInput(['heldAt', 'address', 'messages'], { accountId: idInput }),
  run: async ({ db, actor }, given): Promise<ListResult<HeldAccountView>> => {
    const { take, skip } = pageOf(given);
    const direction = given.direction === 'asc' ? Prisma.sql`ASC` : Prisma.sql`DESC`;
    const { accountId } = given.filters;
    const one = accountId === undefined ? Prisma.sql`true` : Prisma.sql`a.id = ${accountId}`;
    const from = Prisma.sql`FROM send_hold h JOIN account a ON a.id = h.account_id JOIN domain d ON d.id = a.domain_id
      WHERE a.deleted_at IS NULL AND d.deleted_at IS NULL AND ${domainScopeSql(actor)} AND ${one}
        AND a.address LIKE ${containsPattern(given.search.toLowerCase())}`;
    const [counted, rows] = await Promise.all([
      db.$queryRaw<{ total: bigint }[]>`SELECT count(*) AS total ${from}`,
      db.$queryRaw<HeldAccountRow[]>`
        SELECT a.id, a.address, d.id AS domain_id, d.name AS domain_name, h.held_at, h.scope, h.measure, h.limit_value,
          a.suspended_at, s.messages, s.recipients, s.size
        FROM (SELECT h.account_id ${from}) mine JOIN send_hold h USING (account_id) JOIN account a ON a.id = h.account_id
          JOIN domain d ON d.id = a.domain_id
          CROSS JOIN LATERAL (
            SELECT count(*) AS messages, coalesce(sum(held.entries), 0)::bigint AS recipients,
              coalesce(sum(held.size), 0)::bigint AS size
            FROM (SELECT m.size, count(*) AS entries FROM queue_message m JOIN queue_entry e ON e.message_id = m.id
              WHERE m.account_id = a.id AND e.state = 'held' AND e.hold_reason IS NOT NULL GROUP BY m.id) held) s
        ORDER BY ${COLUMNS[given.sort]} ${direction}, a.id LIMIT ${take} OFFSET ${skip}`,
    ]);
    return { rows: rows.map((row) => toHeldAccountView(row, actor)), total: Number(counted[0]?.total ?? 0) };
  },
});
