import { z } from 'zod';
import { domainScopeSql } from '../actor/scopes.ts';
import { defineOperation } from '../operation.ts';

/** The numbers of everything in the actor's scope. */
export interface Dashboard {
  domains: { total: number; suspended: number };
  accounts: { total: number; suspended: number /** Nine tenths full or more. */; nearlyFull: number };
  aliases: number;
  messages: number;
  usedBytes: number;
  /** What happened to mail in the last 24 hours, by kind of trace event (`stored`, `delivered`, `bounced`, `refused` …). */
  lastDay: Record<string, number>;
  /** A reseller's own limits; null means unlimited, and all are null for others. */
  limits: { maxDomains: number | null; maxAccounts: number | null };
}

interface Counts {
  domains: bigint;
  suspended_domains: bigint;
  accounts: bigint;
  suspended_accounts: bigint;
  nearly_full: bigint;
  messages: bigint;
  used_bytes: bigint;
  aliases: bigint;
}

/** What the panel's first page shows. */
export const getDashboard = defineOperation({
  name: 'dashboard.get',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'read',
  input: z.object({}),
  run: async ({ db, actor, now }): Promise<Dashboard> => {
    const scope = domainScopeSql(actor);
    const since = new Date(now().getTime() - 86_400_000);
    const [counts] = await db.$queryRaw<Counts[]>`
      WITH mine AS (SELECT d.id, d.suspended_at FROM domain d WHERE d.deleted_at IS NULL AND ${scope}),
      boxes AS (
        SELECT count(*) AS accounts, count(a.suspended_at) AS suspended_accounts,
          count(*) FILTER (WHERE a.quota_bytes > 0 AND u.size_bytes >= a.quota_bytes * 0.9) AS nearly_full,
          coalesce(sum(u.messages), 0)::bigint AS messages, coalesce(sum(u.size_bytes), 0)::bigint AS used_bytes
        FROM mine JOIN account a ON a.domain_id = mine.id AND a.deleted_at IS NULL
        LEFT JOIN account_usage u ON u.account_id = a.id)
      SELECT boxes.*, (SELECT count(*) FROM mine) AS domains, (SELECT count(suspended_at) FROM mine) AS suspended_domains,
        (SELECT count(*) FROM address ad JOIN mine ON mine.id = ad.domain_id WHERE ad.kind = 'alias') AS aliases
      FROM boxes`;
    const happened = await db.$queryRaw<{ kind: string; events: bigint }[]>`
      SELECT t.kind, count(*) AS events FROM trace t LEFT JOIN domain d ON d.id = t.domain_id
      WHERE t.at >= ${since}::timestamptz AND ${scope} GROUP BY t.kind`;
    const limits =
      actor.kind === 'reseller'
        ? await db.operator.findUnique({
            where: { id: actor.operatorId },
            select: { maxDomains: true, maxAccounts: true },
          })
        : null;
    return {
      domains: { total: Number(counts?.domains ?? 0), suspended: Number(counts?.suspended_domains ?? 0) },
      accounts: {
        total: Number(counts?.accounts ?? 0),
        suspended: Number(counts?.suspended_accounts ?? 0),
        nearlyFull: Number(counts?.nearly_full ?? 0),
      },
      aliases: Number(counts?.aliases ?? 0),
      messages: Number(counts?.messages ?? 0),
      usedBytes: Number(counts?.used_bytes ?? 0),
      lastDay: Object.fromEntries(happened.map(({ kind, events }) => [kind, Number(events)])),
      limits: limits ?? { maxDomains: null, maxAccounts: null },
    };
  },
});
