import { z } from 'zod';
import { Prisma } from '../database/prisma.ts';
import { containsPattern, type ListResult, listInput, pageOf } from '../input/list.ts';
import { defineOperation } from '../operation.ts';
import { type BanRow, type BanView, toBanView } from './ban-view.ts';

const COLUMNS = {
  since: Prisma.sql`since`,
  until: Prisma.sql`until`,
  network: Prisma.sql`network`,
  failures: Prisma.sql`failures`,
} as const;

/** Bans that hold now, latest first unless said otherwise. Searches network, reason and login. */
export const listBans = defineOperation({
  name: 'bans.list',
  allow: ['admin'],
  kind: 'read',
  input: listInput(['since', 'until', 'network', 'failures'], { made: z.enum(['automatic', 'manual']) }),
  run: async ({ db, now }, given): Promise<ListResult<BanView>> => {
    const pattern = containsPattern(given.search);
    const { made } = given.filters;
    const kind = made === undefined ? Prisma.sql`true` : Prisma.sql`automatic = ${made === 'automatic'}`;
    const where = Prisma.sql`WHERE lifted_at IS NULL AND (until IS NULL OR until > ${now()}::timestamptz) AND ${kind}
      AND (network::text LIKE ${pattern} OR reason ILIKE ${pattern} OR coalesce(last_login, '') ILIKE ${pattern})`;
    const direction = given.direction === 'asc' ? Prisma.sql`ASC` : Prisma.sql`DESC`;
    const { take, skip } = pageOf(given);
    const [counted, rows] = await Promise.all([
      db.$queryRaw<{ total: bigint }[]>`SELECT count(*) AS total FROM sign_in_ban ${where}`,
      db.$queryRaw<BanRow[]>`
        SELECT id, abbrev(network) AS network, reason, automatic, failures, last_login, service, since, until, times, banned_by
        FROM sign_in_ban ${where} ORDER BY ${COLUMNS[given.sort]} ${direction}, id LIMIT ${take} OFFSET ${skip}`,
    ]);
    return { rows: rows.map(toBanView), total: Number(counted[0]?.total ?? 0) };
  },
});
