import { domainScopeSql } from '../../actor/scopes.ts';
import { Prisma } from '../../database/prisma.ts';
import { idInput } from '../../input/id.ts';
import { containsPattern, type ListResult, listInput, pageOf } from '../../input/list.ts';
import { defineOperation } from '../../operation.ts';
import { VALID_OPENINGS } from './valid-openings.ts';

export interface OpeningView {
  /** For `relayOpenings.revoke`. */
  id: string;
  /** The client's. */
  address: string;
  accountId: string;
  account: string;
  service: 'imap' | 'pop3';
  openedAt: string;
  expiresAt: string;
}

interface Row {
  client: string;
  account_id: bigint;
  account: string;
  service: 'imap' | 'pop3';
  opened_at: Date;
  expires_at: Date;
  total: bigint;
}

const ORDERS = {
  expiresAt: Prisma.sql`o.expires_at`,
  openedAt: Prisma.sql`o.opened_at`,
  address: Prisma.sql`o.address`,
  account: Prisma.sql`a.address`,
};

const input = listInput(['expiresAt', 'openedAt', 'address', 'account'], { domainId: idInput, accountId: idInput });

/** Openings by POP-before-SMTP that hold now. */
export const listOpenings = defineOperation({
  name: 'relayOpenings.list',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'read',
  input,
  run: async ({ db, actor, now }, given): Promise<ListResult<OpeningView>> => {
    const { take, skip } = pageOf(given);
    const { domainId, accountId } = given.filters;
    const pattern = containsPattern(given.search);
    const direction = given.direction === 'asc' ? Prisma.sql`ASC` : Prisma.sql`DESC`;
    const rows = await db.$queryRaw<Row[]>`
      SELECT host(o.address) AS client, o.account_id, a.address AS account, o.service, o.opened_at, o.expires_at,
        count(*) OVER () AS total
      FROM ${Prisma.raw(VALID_OPENINGS)}
      WHERE o.expires_at > ${now()} AND ${domainScopeSql(actor)}
        AND (${domainId ?? null}::bigint IS NULL OR d.id = ${domainId ?? null})
        AND (${accountId ?? null}::bigint IS NULL OR a.id = ${accountId ?? null})
        AND (host(o.address) LIKE ${pattern} OR a.address LIKE ${pattern})
      ORDER BY ${ORDERS[given.sort]} ${direction}, o.address, o.account_id LIMIT ${take} OFFSET ${skip}`;
    return { rows: rows.map(toView), total: Number(rows[0]?.total ?? 0) };
  },
});

function toView({ client, account_id: accountId, account, service, opened_at: opened, expires_at: expires }: Row) {
  return {
    id: `${accountId}@${client}`,
    address: client,
    accountId: String(accountId),
    account,
    service,
    openedAt: opened.toISOString(),
    expiresAt: expires.toISOString(),
  };
}
