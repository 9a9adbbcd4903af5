import { Prisma } from '../database/prisma.ts';
import { containsPattern, type ListResult, listInput, pageOf } from '../input/list.ts';
import { defineOperation } from '../operation.ts';
import { visibleEntries } from './entry-view.ts';

export interface QueueDestinationView {
  destination: string;
  waiting: number;
  leased: number;
  held: number;
  /** Oldest message and next attempt, ISO 8601. */
  oldestAt: string;
  nextAttemptAt: string;
  /** Of the entry tried last. */
  lastReply: string | null;
}

interface Row {
  destination: string;
  waiting: bigint;
  leased: bigint;
  held: bigint;
  oldest_at: Date;
  next_attempt_at: Date;
  last_reply: string | null;
  total: bigint;
}

const COLUMNS = {
  entries: Prisma.sql`count(*)`,
  destination: Prisma.sql`e.destination`,
  oldestAt: Prisma.sql`min(m.created_at)`,
  nextAttemptAt: Prisma.sql`min(e.next_attempt_at)`,
} as const;

function toView(row: Row): QueueDestinationView {
  return {
    destination: row.destination,
    waiting: Number(row.waiting),
    leased: Number(row.leased),
    held: Number(row.held),
    oldestAt: row.oldest_at.toISOString(),
    nextAttemptAt: row.next_attempt_at.toISOString(),
    lastReply: row.last_reply,
  };
}

/** What still has to leave in the actor's scope, by destination: where mail piles up, and why. */
export const summariseQueue = defineOperation({
  name: 'queue.summarise',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'read',
  input: listInput(['entries', 'destination', 'oldestAt', 'nextAttemptAt'], {}),
  run: async ({ db, actor }, given): Promise<ListResult<QueueDestinationView>> => {
    const { take, skip } = pageOf(given);
    const direction = given.direction === 'asc' ? Prisma.sql`ASC` : Prisma.sql`DESC`;
    const from = Prisma.sql`FROM ${visibleEntries(actor)} AND e.state IN ('waiting', 'leased', 'held')
      AND e.destination LIKE ${containsPattern(given.search.toLowerCase())}`;
    const [counted, rows] = await Promise.all([
      db.$queryRaw<{ total: bigint }[]>`SELECT count(DISTINCT e.destination) AS total ${from}`,
      db.$queryRaw<
        Row[]
      >`SELECT e.destination, min(m.created_at) AS oldest_at, min(e.next_attempt_at) AS next_attempt_at,
          count(*) FILTER (WHERE e.state = 'waiting') AS waiting, count(*) FILTER (WHERE e.state = 'leased') AS leased,
          count(*) FILTER (WHERE e.state = 'held') AS held,
          (array_agg(e.last_reply ORDER BY e.last_attempt_at DESC NULLS LAST))[1] AS last_reply
        ${from} GROUP BY e.destination ORDER BY ${COLUMNS[given.sort]} ${direction}, e.destination LIMIT ${take} OFFSET ${skip}`,
    ]);
    return { rows: rows.map(toView), total: Number(counted[0]?.total ?? 0) };
  },
});
