import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { type EngineNodeView, readNodes } from './engine-nodes.ts';

export interface EngineStatus {
  nodes: EngineNodeView[];
  /** Entries by state. */
  queue: { waiting: number; leased: number; held: number };
  store: { accounts: number; messages: number; mailBytes: number; databaseBytes: number };
}

interface Totals {
  waiting: bigint;
  leased: bigint;
  held: bigint;
  accounts: bigint;
  messages: bigint;
  mail_bytes: bigint;
  database_bytes: bigint;
}

/** The running engines, the queue and the store, for admins. */
export const engineStatus = defineOperation({
  name: 'engine.status',
  allow: ['admin'],
  kind: 'read',
  input: z.object({}),
  run: async ({ db, now }): Promise<EngineStatus> => {
    const [totals] = await db.$queryRaw<Totals[]>`
      SELECT q.*, u.*, pg_database_size(current_database()) AS database_bytes
      FROM (SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting, count(*) FILTER (WHERE state = 'leased') AS leased,
          count(*) FILTER (WHERE state = 'held') AS held FROM queue_entry) q,
        (SELECT count(*) AS accounts, coalesce(sum(messages), 0)::bigint AS messages,
          coalesce(sum(size_bytes), 0)::bigint AS mail_bytes FROM account_usage) u`;
    return {
      nodes: await readNodes(db, now()),
      queue: {
        waiting: Number(totals?.waiting ?? 0),
        leased: Number(totals?.leased ?? 0),
        held: Number(totals?.held ?? 0),
      },
      store: {
        accounts: Number(totals?.accounts ?? 0),
        messages: Number(totals?.messages ?? 0),
        mailBytes: Number(totals?.mail_bytes ?? 0),
        databaseBytes: Number(totals?.database_bytes ?? 0),
      },
    };
  },
});
