import { z } from 'zod';
import { Prisma } from '../../database/prisma.ts';
import { samePeopleSql } from '../../domains/same-people.ts';
import { defineOperation } from '../../operation.ts';
import { requireOwnAccount } from '../preferences/require-own-account.ts';

/** Of a domain that was granted as a whole, so many of its addresses are offered. */
const MAX_OFFERED = 100;

/**
 * The addresses the caller may write as: the mailbox's own first, its aliases, and what it was granted (`send-as/`). What is offered
 * here is what submission takes; submission is who decides.
 */
export const listSenders = defineOperation({
  name: 'webmail.listSenders',
  allow: ['mailbox-owner'],
  input: z.object({}),
  kind: 'read',
  run: async ({ db, actor }): Promise<string[]> => {
    const id = requireOwnAccount(actor);
    const rows = await db.$queryRaw<{ address: string }[]>`
      WITH granted AS (
        SELECT g.local_part, d.id AS domain_id, d.name FROM send_as_grant g
        JOIN domain d ON d.id = g.domain_id AND d.deleted_at IS NULL
        JOIN account a ON a.id = g.account_id JOIN domain home ON home.id = a.domain_id
        WHERE g.account_id = ${id} AND (d.id = home.id
          OR (d.owner_id = home.owner_id AND d.reseller_id IS NOT DISTINCT FROM home.reseller_id)))
      SELECT address FROM (
        SELECT a.address, 0 AS rank FROM account a WHERE a.id = ${id}
        UNION ALL
        SELECT ad.local_part || '@' || d.name, 1 FROM address_target t JOIN address ad ON ad.id = t.address_id
          JOIN domain d ON d.id = ad.domain_id AND d.deleted_at IS NULL JOIN account a ON a.id = t.account_id
          JOIN domain home ON home.id = a.domain_id AND ${Prisma.raw(samePeopleSql('home', 'd'))} WHERE t.account_id = ${id}
        UNION ALL
        SELECT g.local_part || '@' || g.name, 2 FROM granted g WHERE g.local_part <> ''
        UNION ALL
        (SELECT ad.local_part || '@' || g.name, 3 FROM granted g JOIN address ad ON ad.domain_id = g.domain_id
          WHERE g.local_part = '' ORDER BY 1 LIMIT ${MAX_OFFERED})
      ) offered GROUP BY address ORDER BY min(rank), address`;
    return rows.map(({ address }) => address);
  },
});
