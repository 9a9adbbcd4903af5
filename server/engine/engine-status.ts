import { z } from 'zod';
import { defineOperation } from '../operation.ts';

const listener = z.object({
  service: z.string(),
  address: z.string(),
  port: z.number(),
  connections: z.number(),
  limit: z.number(),
});
const nodeStatus = z.object({ listeners: z.array(listener).default([]), rssBytes: z.number().optional() });

export interface EngineNodeView {
  id: string;
  host: string;
  pid: number;
  version: string;
  /** ISO 8601. */
  startedAt: string;
  seenAt: string;
  /** False when its heartbeat has been missing for longer than a busy moment explains. */
  alive: boolean;
  listeners: z.output<typeof listener>[];
  rssBytes: number | null;
}

export interface EngineStatus {
  nodes: EngineNodeView[];
  /** Entries by state. */
  queue: { waiting: number; leased: number; held: number };
  store: { accounts: number; messages: number; mailBytes: number; databaseBytes: number };
}

/** Heartbeats come every five seconds. */
const ALIVE_MS = 20_000;

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
    const nodes = await db.engineNode.findMany({ orderBy: [{ host: 'asc' }, { startedAt: 'asc' }], take: 100 });
    const [totals] = await db.$queryRaw<Totals[]>`
      SELECT q.*, u.*, pg_database_size(current_database()) AS database_bytes
      FROM (SELECT count(*) FILTER (WHERE state = 'waiting') AS waiting, count(*) FILTER (WHERE state = 'leased') AS leased,
          count(*) FILTER (WHERE state = 'held') AS held FROM queue_entry) q,
        (SELECT count(*) AS accounts, coalesce(sum(messages), 0)::bigint AS messages,
          coalesce(sum(size_bytes), 0)::bigint AS mail_bytes FROM account_usage) u`;
    return {
      nodes: nodes.map((node) => {
        const status = nodeStatus.safeParse(node.status);
        return {
          id: node.id,
          host: node.host,
          pid: node.pid,
          version: node.version,
          startedAt: node.startedAt.toISOString(),
          seenAt: node.seenAt.toISOString(),
          alive: now().getTime() - node.seenAt.getTime() < ALIVE_MS,
          listeners: status.data?.listeners ?? [],
          rssBytes: status.data?.rssBytes ?? null,
        };
      }),
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
