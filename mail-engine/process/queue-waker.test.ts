import { Client } from 'pg';
import { expect, inject, test } from 'vitest';
import { cloneDatabase } from '#prisma/testing/clone-database.ts';
import { createPool } from '#server/database/pool.ts';
import { logger } from '#server/logger.ts';
import { createQueueWaker } from './queue-waker.ts';

test('a thousand messages at once wake the queue, but not a thousand times', async () => {
  const database = await cloneDatabase(inject('clusterUrl'));
  const listener = new Client({ connectionString: database.url });
  await listener.connect();
  const heard: string[] = [];
  listener.on('notification', ({ payload }) => heard.push(payload ?? ''));
  await listener.query('LISTEN mailstead_queue');
  const pool = createPool({ connectionString: database.url, max: 2 });
  /** Notifications come in the order of their commits: after this one, all before it were heard. */
  const hearAll = async (mark: string) => {
    await pool.query('SELECT pg_notify($1, $2)', ['mailstead_queue', mark]);
    await expect.poll(() => heard).toContain(mark);
  };
  const waker = createQueueWaker(pool, logger('test'));
  for (let n = 0; n < 1000; n++) waker.wake();
  await waker.close();
  await hearAll('first');
  expect(heard.length - 1).toBeGreaterThan(0);
  expect(heard.length - 1).toBeLessThan(5);
  heard.length = 0;
  waker.wake();
  await waker.close();
  await hearAll('second');
  expect(heard).toEqual(['', 'second']);
  await pool.end();
  await listener.end();
  await database.drop();
});
