import { z } from 'zod';
import { Prisma } from '../database/prisma.ts';
import { containsPattern, type ListResult, listInput, pageOf } from '../input/list.ts';
import { line } from '../input/text.ts';
import { defineOperation } from '../operation.ts';
import {
  ENTRY_COLUMNS,
  QUEUE_STATES,
  type QueueEntryRow,
  type QueueEntryView,
  toQueueEntryView,
  visibleEntries,
} from './entry-view.ts';

const COLUMNS = {
  nextAttemptAt: Prisma.sql`e.next_attempt_at`,
  createdAt: Prisma.sql`m.created_at`,
  sender: Prisma.sql`m.sender`,
  recipient: Prisma.sql`e.recipient`,
  destination: Prisma.sql`e.destination`,
  state: Prisma.sql`e.state`,
  attempts: Prisma.sql`e.attempts`,
  sizeBytes: Prisma.sql`m.size`,
} as const;

const input = listInput(
  ['nextAttemptAt', 'createdAt', 'sender', 'recipient', 'destination', 'state', 'attempts', 'sizeBytes'],
  { state: z.enum(QUEUE_STATES), destination: line(300) },
);

type Input = z.output<typeof input>;

function filterOf({ search, filters: { state, destination } }: Input): Prisma.Sql {
  const pattern = containsPattern(search);
  const found = Prisma.sql`(e.recipient ILIKE ${pattern} OR m.sender ILIKE ${pattern} OR e.last_reply ILIKE ${pattern})`;
  return Prisma.join(
    [
      search === '' ? Prisma.sql`true` : found,
      state === undefined ? Prisma.sql`true` : Prisma.sql`e.state = ${state}::queue_state`,
      destination === undefined ? Prisma.sql`true` : Prisma.sql`e.destination = ${destination.toLowerCase()}`,
    ],
    ' AND ',
  );
}

/** Entries of the queue in the actor's scope. Searches sender, recipient and last reply. */
export const listQueue = defineOperation({
  name: 'queue.list',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'read',
  input,
  run: async ({ db, actor }, given): Promise<ListResult<QueueEntryView>> => {
    const from = Prisma.sql`FROM ${visibleEntries(actor)} AND ${filterOf(given)}`;
    const direction = given.direction === 'asc' ? Prisma.sql`ASC` : Prisma.sql`DESC`;
    const { take, skip } = pageOf(given);
    const [counted, rows] = await Promise.all([
      db.$queryRaw<{ total: bigint }[]>`SELECT count(*) AS total ${from}`,
      db.$queryRaw<QueueEntryRow[]>`SELECT ${ENTRY_COLUMNS} ${from}
        ORDER BY ${COLUMNS[given.sort]} ${direction}, e.id LIMIT ${take} OFFSET ${skip}`,
    ]);
    return { rows: rows.map(toQueueEntryView), total: Number(counted[0]?.total ?? 0) };
  },
});
