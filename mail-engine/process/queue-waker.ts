/**
 * Tells every engine's queue that there are new entries. PostgreSQL serialises commits that notify, so however many messages
 * are queued, one notification is under way at a time and the next leaves no sooner than `SPACING_MS` after it.
 */
import type { Pool } from 'pg';
import { QUEUE_CHANNEL } from '#engine/queue/runner.ts';
import type { Logger } from '#server/logger.ts';

const SPACING_MS = 20;

export interface QueueWaker {
  /** Returns at once. A notification that fails is only a delay: runners also look by themselves. */
  wake(): void;
  close(): Promise<void>;
}

export function createQueueWaker(pool: Pool, log: Logger): QueueWaker {
  let wanted = false;
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    while (wanted) {
      wanted = false;
      await pool.query('SELECT pg_notify($1, $2)', [QUEUE_CHANNEL, '']);
      if (wanted) await new Promise((resolve) => setTimeout(resolve, SPACING_MS));
    }
  };
  return {
    wake: () => {
      wanted = true;
      running ??= run()
        .catch((error: unknown) => log.warn({ err: error }, 'the queue could not be woken'))
        .finally(() => {
          running = undefined;
        });
    },
    close: async () => {
      await running;
    },
  };
}
