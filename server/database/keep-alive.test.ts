import { Socket } from 'node:net';
import { expect, inject, test, vi } from 'vitest';
import { createPool } from './pool.ts';
import { createPrisma } from './prisma.ts';

test('connections are asked by the system whether their server is still there', async () => {
  const asked = vi.spyOn(Socket.prototype, 'setKeepAlive');
  const pool = createPool({ connectionString: inject('clusterUrl'), max: 1 });
  await pool.query('SELECT 1');
  await pool.end();
  const db = createPrisma(inject('clusterUrl'), 1);
  await db.$queryRaw`SELECT 1`;
  await db.$disconnect();
  expect(asked.mock.calls).toEqual([
    [true, 10_000],
    [true, 10_000],
  ]);
  asked.mockRestore();
});
