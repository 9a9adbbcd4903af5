import { z } from 'zod';
import { domainScopeSql } from '../actor/scopes.ts';
import { Prisma } from '../database/prisma.ts';
import { containsPattern, type ListResult, listInput, pageOf } from '../input/list.ts';
import { defineOperation } from '../operation.ts';

/** A deleted domain or mailbox that can still be restored (`domains.restore`, `accounts.restore`) or purged. */
export interface DeletedItem {
  kind: 'domain' | 'account';
  id: string;
  /** The domain's name or the mailbox's address. */
  name: string;
  /** Mailboxes a domain takes along; 1 for a mailbox. */
  accounts: number;
  usedBytes: number;
  deletedAt: string;
  /** Gone for good after this. */
  restorableUntil: string;
}

interface Row {
  kind: 'domain' | 'account';
  id: bigint;
  name: string;
  accounts: bigint;
  used_bytes: bigint;
  deleted_at: Date;
  purge_after: Date;
}

const input = listInput(['deletedAt', 'name', 'restorableUntil'], { kind: z.enum(['domain', 'account']) });

type Input = z.output<typeof input>;

const ORDER: Readonly<Record<Input['sort'], Prisma.Sql>> = {
  deletedAt: Prisma.sql`deleted_at`,
  name: Prisma.sql`name`,
  restorableUntil: Prisma.sql`purge_after`,
};

/** Mailboxes that went with their domain are part of it, not items of their own. */
function deletedItems(scope: Prisma.Sql, now: Date): Prisma.Sql {
  return Prisma.sql`
    SELECT 'domain' AS kind, d.id, d.name, count(a.id) AS accounts, coalesce(sum(u.size_bytes), 0)::bigint AS used_bytes,
      d.deleted_at, d.purge_after
    FROM domain d
    LEFT JOIN account a ON a.domain_id = d.id AND a.deleted_with_domain
    LEFT JOIN account_usage u ON u.account_id = a.id
    WHERE d.deleted_at IS NOT NULL AND d.purge_after > ${now}::timestamptz AND ${scope}
    GROUP BY d.id
    UNION ALL
    SELECT 'account', a.id, a.address, 1, coalesce(u.size_bytes, 0), a.deleted_at, a.purge_after
    FROM account a
    JOIN domain d ON d.id = a.domain_id AND d.deleted_at IS NULL
    LEFT JOIN account_usage u ON u.account_id = a.id
    WHERE a.deleted_at IS NOT NULL AND NOT a.deleted_with_domain AND a.purge_after > ${now}::timestamptz AND ${scope}`;
}

function toItem(row: Row): DeletedItem {
  return {
    kind: row.kind,
    id: String(row.id),
    name: row.name,
    accounts: Number(row.accounts),
    usedBytes: Number(row.used_bytes),
    deletedAt: row.deleted_at.toISOString(),
    restorableUntil: row.purge_after.toISOString(),
  };
}

/** What can still be restored, in the actor's scope. Domain owners see mailboxes only: their domains are not theirs to restore. */
export const listDeleted = defineOperation({
  name: 'deleted.list',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'read',
  input,
  run: async ({ db, actor, now }, given): Promise<ListResult<DeletedItem>> => {
    const { search, filters, sort } = given;
    const kind = actor.kind === 'domain-owner' ? 'account' : filters.kind;
    if (actor.kind === 'domain-owner' && filters.kind === 'domain') return { rows: [], total: 0 };
    const items = deletedItems(domainScopeSql(actor), now());
    const where = Prisma.sql`name ILIKE ${containsPattern(search)} AND (${kind ?? null}::text IS NULL OR kind = ${kind ?? null})`;
    const direction = given.direction === 'asc' ? Prisma.sql`ASC` : Prisma.sql`DESC`;
    const { take, skip } = pageOf(given);
    const [rows, [count]] = await Promise.all([
      db.$queryRaw<Row[]>`
        SELECT * FROM (${items}) i WHERE ${where} ORDER BY ${ORDER[sort]} ${direction}, kind, id LIMIT ${take} OFFSET ${skip}`,
      db.$queryRaw<{ total: bigint }[]>`SELECT count(*) AS total FROM (${items}) i WHERE ${where}`,
    ]);
    return { rows: rows.map(toItem), total: Number(count?.total ?? 0) };
  },
});
