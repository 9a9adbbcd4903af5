/** This node's row in `engine_node`: what it listens on and how busy it is, for the panel. Rows of nodes that died are swept. */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Pool } from 'pg';
import type { ServiceGate } from '#engine/net/service-gate.ts';
import type { Listener } from '#engine/net/types.ts';
import type { Logger } from '#server/logger.ts';

const EVERY_MS = 5_000;
/** A node silent for this long is gone; the panel calls it stale long before. */
const FORGET_AFTER = '1 hour';

const BEAT = `
INSERT INTO engine_node (id, host, pid, version, started_at, seen_at, status)
VALUES ($1, $2, $3, $4, $5, now(), $6)
ON CONFLICT (id) DO UPDATE SET seen_at = now(), status = EXCLUDED.status`;
const SWEEP = `DELETE FROM engine_node WHERE seen_at < now() - interval '${FORGET_AFTER}'`;
const REMOVE = 'DELETE FROM engine_node WHERE id = $1';

export interface HeartbeatOptions {
  pool: Pool;
  log: Logger;
  version: string;
  bind: readonly string[];
  listeners: readonly Listener[];
  gates: readonly ServiceGate[];
  /** The node's id where other parts (queue leases) carry it too. */
  id?: string;
}

export interface Heartbeat {
  readonly id: string;
  /** Removes the row. */
  stop(): Promise<void>;
}

function statusOf({ listeners, gates, bind }: HeartbeatOptions): string {
  const rows = listeners.map(({ service, port, connections, limit }) => {
    return { service, address: bind.join(', '), port, connections, limit };
  });
  const services = gates.map((gate) => gate.snapshot);
  return JSON.stringify({ listeners: rows, services, rssBytes: process.memoryUsage.rss() });
}

/** The first beat is awaited, so that a node that is ready is also seen. Later ones that fail are logged and tried again. */
export async function startHeartbeat(options: HeartbeatOptions): Promise<Heartbeat> {
  const { pool, log, version, id = randomUUID() } = options;
  const startedAt = new Date();
  const beat = () => pool.query(BEAT, [id, hostname(), process.pid, version, startedAt, statusOf(options)]);
  await beat();
  await pool.query(SWEEP);
  let last: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    last = beat().catch((error: unknown) => log.warn({ err: (error as Error).message }, 'heartbeat failed'));
  }, EVERY_MS);
  return {
    id,
    stop: async () => {
      clearInterval(timer);
      await last;
      await pool.query(REMOVE, [id]);
    },
  };
}
