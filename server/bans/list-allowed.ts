import { Prisma } from '../database/prisma.ts';
import { containsPattern, type ListResult, listInput, pageOf } from '../input/list.ts';
import { defineOperation } from '../operation.ts';

export interface AllowedNetworkView {
  id: string;
  network: string;
  note: string;
  createdAt: string;
  createdBy: string;
}

interface Row {
  id: bigint;
  network: string;
  note: string;
  created_at: Date;
  created_by: string;
}

const COLUMNS = { network: Prisma.sql`network`, createdAt: Prisma.sql`created_at` } as const;

/** Networks that are never slowed down or banned. */
export const listAllowed = defineOperation({
  name: 'bans.listAllowed',
  allow: ['admin'],
  kind: 'read',
  input: listInput(['network', 'createdAt'], {}),
  run: async ({ db }, given): Promise<ListResult<AllowedNetworkView>> => {
    const pattern = containsPattern(given.search);
    const where = Prisma.sql`WHERE network::text LIKE ${pattern} OR note ILIKE ${pattern}`;
    const direction = given.direction === 'asc' ? Prisma.sql`ASC` : Prisma.sql`DESC`;
    const { take, skip } = pageOf(given);
    const [counted, rows] = await Promise.all([
      db.$queryRaw<{ total: bigint }[]>`SELECT count(*) AS total FROM allowed_network ${where}`,
      db.$queryRaw<Row[]>`
        SELECT id, abbrev(network) AS network, note, created_at, created_by FROM allowed_network ${where}
        ORDER BY ${COLUMNS[given.sort]} ${direction}, id LIMIT ${take} OFFSET ${skip}`,
    ]);
    const views = rows.map((row) => ({
      id: String(row.id),
      network: row.network,
      note: row.note,
      createdAt: row.created_at.toISOString(),
      createdBy: row.created_by,
    }));
    return { rows: views, total: Number(counted[0]?.total ?? 0) };
  },
});
