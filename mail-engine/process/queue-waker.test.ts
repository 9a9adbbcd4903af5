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
  let heard = 0;
  listener.on('notification', () => {
    heard += 1;
  });
  await listener.query('LISTEN mailstead_queue');
  const pool = createPool({ connectionString: database.url, max: 2 });
  const waker = createQueueWaker(pool, logger('test'));
  for (let n = 0; n < 1000; n++) waker.wake();
  await waker.close();
  await expect.poll(() => heard).toBeGreaterThan(0);
  expect(heard).toBeLessThan(5);
  const before = heard;
  waker.wake();
  await waker.close();
  await expect.poll(() => heard).toBe(before + 1);
  await pool.end();
  await listener.end();
  await database.drop();
});
