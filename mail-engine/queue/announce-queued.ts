/**
 * Tells every runner that something was queued: one NOTIFY at a time, however many commits ask for it meanwhile, since PostgreSQL
 * serialises commits that notify. A lost one costs the wait until the next poll.
 */
import type { Pool } from 'pg';
import { logger } from '#server/logger.ts';
import { QUEUE_CHANNEL } from './runner.ts';

/** For intake's `onQueued`. */
export function createQueuedAnnouncer(pool: Pool): () => void {
  const log = logger('queue');
  let asked = false;
  let announcing = false;

  async function announce(): Promise<void> {
    announcing = true;
    while (asked) {
      asked = false;
      try {
        await pool.query(`SELECT pg_notify($1, '')`, [QUEUE_CHANNEL]);
      } catch (error) {
        log.warn({ err: error }, 'runners could not be told of new entries');
      }
    }
    announcing = false;
  }

  return () => {
    asked = true;
    if (!announcing) void announce();
  };
}
