import type { Pool, PoolClient, Submittable } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createIntake } from '#engine/intake/create-intake.ts';
import type { IntakeRecipient } from '#engine/intake/types.ts';
import { createPool } from '#server/database/pool.ts';
import { deliver, openTestStore, type TestStore } from '../testing/open-test-store.ts';
import { createCommitter } from './committer.ts';
import { createIdSource } from './id-source.ts';
import { readLanded } from './read-landed.ts';
import type { Member } from './types.ts';

let t: TestStore;
let lanePool: Pool;
beforeAll(async () => {
  t = await openTestStore(inject('clusterUrl'));
  lanePool = createPool({ connectionString: t.url, max: 6 });
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

function openCommitter(pool: Pick<Pool, 'connect' | 'query'>) {
  return createCommitter({
    pool: pool as Pool,
    blobIds: createIdSource(t.pool, 'blob_id_seq'),
    queueIds: createIdSource(t.pool, 'queue_message_id_seq'),
    publish: () => undefined,
    onError: () => undefined,
  });
}

const MESSAGE = 'Subject: late\r\n\r\nbody\r\n';

async function deliverLosing(losses: number, address: string, quotaBytes = 0): Promise<number> {
  const account = await t.createAccount(address, quotaBytes);
  const intake = createIntake({ store: { ...t.store, committer: openCommitter(losingPool(losses)) } });
  const recipient: IntakeRecipient = { kind: 'local', ...account, address };
  const result = await deliver(intake, [recipient], MESSAGE);
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

test('also where what landed has filled the account, so that the second writing is refused', async () => {
  expect(await deliverLosing(1, 'full@late.example', 300)).toBe(1);
});

/** Its answer gets lost with the connection, whatever it is. */
function losingAnswer(client: PoolClient, nth: number): PoolClient {
  let trips = 0;
  const query = (trip: Trip) => {
    trips += 1;
    const fail = trip.handleError.bind(trip);
    if (trips === nth) trip.handleError = () => fail(new Error('Connection terminated unexpectedly'));
    return client.query(trip);
  };
  return { query, release: () => client.release(true) } as unknown as PoolClient;
}

test('that a message in doubt has landed says nothing of one that waited with it', async () => {
  const ann = await t.createAccount('ann@late.example');
  let released = 0;
  let late: Trip | undefined;
  let next: 'lose it' | 'let it land' | undefined;
  const counting = (client: PoolClient): PoolClient => {
    const giveBack = client.release.bind(client);
    return Object.assign(client, {
      release: (failure?: Error | boolean) => {
        released += 1;
        giveBack(failure);
      },
    });
  };
  const lose = (trip: Trip) => {
    late = trip;
    trip.handleError(new Error('Connection terminated unexpectedly'));
  };
  const connect = async (): Promise<PoolClient> => {
    const what = next;
    next = undefined;
    if (what === 'lose it') return counting({ query: lose, release: () => undefined } as unknown as PoolClient);
    const client = await lanePool.connect();
    if (what === undefined) return counting(client);
    await land(late!);
    return counting(losingAnswer(client, 2));
  };
  const query = lanePool.query.bind(lanePool);
  const committer = openCommitter({ connect: connect as Pool['connect'], query: query as Pool['query'] });
  const intake = createIntake({ store: { ...t.store, committer } });
  const send = async (ref: string, connections: number) => {
    const sent = deliver(intake, [{ kind: 'local', ...ann, address: 'ann@late.example' }], MESSAGE, { ref });
    const before = released;
    await expect.poll(() => released).toBe(before + connections);
    return { sent };
  };

  const holder = await t.pool.connect();
  await holder.query('BEGIN');
  await holder.query('SELECT 1 FROM account_usage WHERE account_id = $1 FOR NO KEY UPDATE', [ann.accountId]);
  const first = await send('waits', 2); // in the patient lane
  next = 'lose it';
  const second = await send('in doubt', 3);
  const third = await send('fresh', 2); // stands there with the second
  next = 'let it land';
  await holder.query('COMMIT');
  holder.release();
  const results = await Promise.all([first, second, third].map(({ sent }) => sent));
  expect(results.map(({ stored, queued }) => [stored, queued])).toEqual([
    [1, 0],
    [1, 0],
    [1, 0],
  ]);
  const { rows } = await t.pool.query(`SELECT ref FROM trace WHERE account_id = $1 ORDER BY ref`, [ann.accountId]);
  expect(rows.map(({ ref }) => ref)).toEqual(['fresh', 'in doubt', 'waits']);
});

test('what landed tells of each copy: in its folder, in the queue, or neither', async () => {
  const free = await t.createAccount('free@late.example');
  const [full, never] = [await t.createAccount('q@late.example', 1), await t.createAccount('n@late.example', 1)];
  const members: Member[] = [];
  const submit = (member: Member) => {
    members.push(member);
    return t.store.committer.submit(member);
  };
  const intake = createIntake({ store: { ...t.store, committer: { ...t.store.committer, submit } } });
  const { blobId } = await deliver(
    intake,
    [
      { kind: 'local', ...free, address: 'free@late.example' },
      { kind: 'local', ...full, address: 'q@late.example' },
      { kind: 'local', ...never, address: 'n@late.example', neverQueued: true },
    ],
    MESSAGE,
  );
  const [member] = members;
  const landed = await readLanded({ pool: t.pool, askMs: 60_000 }, new Map([[blobId, member!]]), undefined);
  expect(landed?.receipts.get(member!)).toMatchObject({
    stored: [{ accountId: free.accountId, uid: 1 }],
    queued: 1,
    unplaced: [{ accountId: never.accountId, refusal: 'unavailable' }],
  });
});
