import { z } from 'zod';
import type { Database } from '../database/prisma.ts';

const listener = z.object({
  service: z.string(),
  address: z.string(),
  port: z.number(),
  connections: z.number(),
  limit: z.number(),
});

const service = z.object({
  service: z.string(),
  /** Being served, of `limit`; our own machines have as many places again. */
  open: z.number(),
  limit: z.number(),
  /** Of the open ones, those of our own machines. */
  own: z.number(),
  waiting: z.number(),
  /** Since the engine started, by reason. */
  refused: z.record(z.string(), z.number()),
  /** The addresses (of IPv6 the /64) with most connections. */
  top: z.array(z.object({ address: z.string(), connections: z.number() })),
});

const nodeStatus = z.object({
  listeners: z.array(listener).default([]),
  services: z.array(service).default([]),
  rssBytes: z.number().optional(),
});

export type EngineServiceView = z.output<typeof service>;

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
  services: EngineServiceView[];
  rssBytes: number | null;
}

/** Heartbeats come every five seconds. */
const ALIVE_MS = 20_000;
const MAX_NODES = 100;

/** The engines that said something of late, as they were then. */
export async function readNodes(db: Database, now: Date): Promise<EngineNodeView[]> {
  const nodes = await db.engineNode.findMany({ orderBy: [{ host: 'asc' }, { startedAt: 'asc' }], take: MAX_NODES });
  return nodes.map(({ id, host, pid, version, startedAt, seenAt, status: written }) => {
    const status = nodeStatus.safeParse(written).data;
    return {
      ...{ id, host, pid, version, startedAt: startedAt.toISOString(), seenAt: seenAt.toISOString() },
      alive: now.getTime() - seenAt.getTime() < ALIVE_MS,
      listeners: status?.listeners ?? [],
      services: status?.services ?? [],
      rssBytes: status?.rssBytes ?? null,
    };
  });
}
