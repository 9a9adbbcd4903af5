import type { Pool, PoolClient, Submittable } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createIntake } from '#engine/intake/create-intake.ts';
import type { IntakeRecipient } from '#engine/intake/types.ts';
import { createPool } from '#server/database/pool.ts';
import { deliver, openTestStore, type TestStore } from '../testing/open-test-store.ts';
import { createCommitter } from './committer.ts';
import { createIdSource } from './id-source.ts';

let t: TestStore;
let lanePool: Pool;
beforeAll(async () => {
  t = await openTestStore(inject('clusterUrl'));
  lanePool = createPool({ connectionString: t.url, max: 2 });
});
afterAll(async () => {
  await lanePool.end();
  await t.close();
});

type Trip = Submittable & { handleError(error: Error): void; handleReadyForQuery(): void };

/** PostgreSQL gets the trip after its sender has given it up, and says when it is done. */
async function land(trip: Trip): Promise<void> {
  const client = await lanePool.connect();
  await new Promise<void>((resolve) => {
    const isReady = trip.handleReadyForQuery.bind(trip);
    trip.handleReadyForQuery = () => {
      isReady();
      resolve();
    };
    client.query(trip);
  });
  client.release(true);
}

/** Loses the connection of the first `losses` batches; the first of them lands when the next is about to be written. */
function losingPool(losses: number): Pick<Pool, 'connect' | 'query'> {
  let lost = 0;
  let late: Trip | undefined;
  const lose = (trip: Trip) => {
    late ??= trip;
    trip.handleError(new Error('Connection terminated unexpectedly'));
  };
  const connect = async (): Promise<PoolClient> => {
    lost += 1;
    if (late && lost === 2) await land(late);
    if (lost > losses) return lanePool.connect();
    return { query: lose, release: () => undefined } as unknown as PoolClient;
  };
  return { connect: connect as Pool['connect'], query: lanePool.query.bind(lanePool) as Pool['query'] };
}

async function deliverLosing(losses: number, address: string): Promise<number> {
  const account = await t.createAccount(address);
  const committer = createCommitter({
    pool: losingPool(losses) as Pool,
    blobIds: createIdSource(t.pool, 'blob_id_seq'),
    queueIds: createIdSource(t.pool, 'queue_message_id_seq'),
    publish: () => undefined,
    onError: () => undefined,
  });
  const intake = createIntake({ store: { ...t.store, committer } });
  const recipient: IntakeRecipient = { kind: 'local', ...account, address };
  const result = await deliver(intake, [recipient], 'Subject: late\r\n\r\nbody\r\n');
  expect(result.stored).toBe(1);
  const { rows } = await t.pool.query('SELECT 1 FROM message WHERE account_id = $1', [account.accountId]);
  return rows.length;
}

test('a commit that lands after it was looked for is acknowledged, and there once', async () => {
  expect(await deliverLosing(1, 'once@late.example')).toBe(1);
});

test('also where the connection of the second writing is lost too', async () => {
  expect(await deliverLosing(2, 'twice@late.example')).toBe(1);
});
