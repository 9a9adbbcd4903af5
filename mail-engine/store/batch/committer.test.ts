import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool, PoolClient } from 'pg';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { createIntake } from '#engine/intake/create-intake.ts';
import type { IntakeRecipient } from '#engine/intake/types.ts';
import { append, deliver, EMPTY_ENVELOPE, openTestStore, type TestStore } from '../testing/open-test-store.ts';
import { Flag } from '../types.ts';
import { createCommitter } from './committer.ts';
import { createIdSource } from './id-source.ts';
import type { Member } from './types.ts';

let t: TestStore;
beforeAll(async () => {
  t = await openTestStore(inject('clusterUrl'));
});
afterAll(() => t.close());

const MESSAGE = 'Subject: x\r\n\r\nbody\r\n';
const local = (account: { accountId: number; domainId: number }, address: string): IntakeRecipient => ({
  kind: 'local',
  ...account,
  address,
});

async function countOf(accountId: number): Promise<number> {
  const inbox = await t.store.findFolder(accountId, 'INBOX');
  return inbox!.exists;
}

/** Intake with a committer of its own on the pool that is given. */
function openIntake(pool: Pool) {
  const committer = createCommitter({
    pool,
    blobIds: createIdSource(t.pool, 'blob_id_seq'),
    queueIds: createIdSource(t.pool, 'queue_message_id_seq'),
    publish: () => undefined,
    onError: () => undefined,
  });
  let submitted = 0;
  const submit = (member: Member) => {
    submitted += 1;
    return committer.submit(member);
  };
  const intake = createIntake({ store: { ...t.store, committer: { submit, close: () => committer.close() } } });
  return { intake, submitted: () => submitted };
}

/** Intake that has no connection until it is opened. */
function openGatedIntake() {
  const gate = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const connect = async () => {
    asked.resolve();
    await gate.promise;
    return t.pool.connect();
  };
  const pool = { connect, query: t.pool.query.bind(t.pool) } as unknown as Pool;
  return { ...openIntake(pool), open: gate.resolve, asked: asked.promise };
}

/** Intake whose batches wait inside PostgreSQL until they are let go, and what it has sent there. */
async function openHeldIntake() {
  const clients: PoolClient[] = [];
  const connect = async () => {
    const client = await t.pool.connect();
    clients.push(client);
    return client;
  };
  const holder = await t.pool.connect();
  await holder.query('BEGIN');
  await holder.query('LOCK TABLE trace');
  const pid = async (): Promise<number> => {
    const { rows } = await t.pool.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'WITH locked%'`,
    );
    return rows[0]?.pid ?? 0;
  };
  return {
    ...openIntake({ connect, query: t.pool.query.bind(t.pool) } as unknown as Pool),
    connections: () => clients.length,
    sentBytes: () => (clients[0]!.connection.stream as Socket).bytesWritten,
    /** The backend that waits, once one does. */
    waits: () => expect.poll(pid).toBeGreaterThan(0).then(pid),
    letGo: async () => {
      await holder.query('COMMIT');
      holder.release();
    },
  };
}

/** How many copies each transaction wrote, by account. */
async function copiesByTransaction(accountId: number): Promise<number[]> {
  const { rows } = await t.pool.query<{ n: number }>(
    'SELECT count(*)::int AS n FROM message WHERE account_id = $1 GROUP BY xmin::text ORDER BY n',
    [accountId],
  );
  return rows.map(({ n }) => n);
}

test('messages that become ready while another is written are one transaction, each once', async () => {
  const anna = await t.createAccount('anna@batch.example');
  const bert = await t.createAccount('bert@batch.example');
  const { intake, open, asked, submitted } = openGatedIntake();
  const to = [local(anna, 'anna@batch.example'), local(bert, 'bert@batch.example')];
  const first = deliver(intake, to, MESSAGE);
  await asked;
  const others = Array.from({ length: 99 }, (_, at) => deliver(intake, to, `X: ${at}\r\n\r\n`));
  await expect.poll(submitted).toBe(100);
  open();
  await Promise.all([first, ...others]);
  expect(await copiesByTransaction(anna.accountId)).toEqual([1, 99]);
  expect(await copiesByTransaction(bert.accountId)).toEqual([1, 99]);
  expect(await countOf(anna.accountId)).toBe(100);
  expect(await countOf(bert.accountId)).toBe(100);
});

test('what is kept beside the bytes counts for the size of a batch', async () => {
  const cora = await t.createAccount('cora@batch.example');
  const { intake, open, asked, submitted } = openGatedIntake();
  const to = [local(cora, 'cora@batch.example')];
  const first = deliver(intake, to, MESSAGE);
  await asked;
  // 10 KB that make an ENVELOPE of 240 KB: From is Sender and Reply-To too.
  const crowd = `From: ${'a,'.repeat(5_000)}\r\n\r\n`;
  const others = Array.from({ length: 99 }, () => deliver(intake, to, crowd));
  await expect.poll(submitted).toBe(100);
  open();
  await Promise.all([first, ...others]);
  const copies = await copiesByTransaction(cora.accountId);
  expect(copies.reduce((sum, count) => sum + count)).toBe(100);
  expect(Math.max(...copies)).toBeLessThan(50);
});

test('a batch larger than the one under way is sent behind it, by the same connection, and no third', async () => {
  const otto = await t.createAccount('otto@batch.example');
  const held = await openHeldIntake();
  const to = [local(otto, 'otto@batch.example')];
  const results = [deliver(held.intake, to, MESSAGE)];
  await held.waits();
  const sent: number[] = [held.sentBytes()];
  for (const more of [2, 1, 5]) {
    results.push(...Array.from({ length: more }, () => deliver(held.intake, to, MESSAGE)));
    await expect.poll(held.submitted).toBe(results.length);
    await delay(20); // it would be sent at the end of this turn
    sent.push(held.sentBytes());
  }
  expect(sent.map((bytes, at) => bytes > (sent[at - 1] ?? 0))).toEqual([true, false, true, false]);
  await held.letGo();
  await Promise.all(results);
  expect(await copiesByTransaction(otto.accountId)).toEqual([1, 3, 5]);
  expect(held.connections()).toBe(1);
});

test('when a connection is lost with two batches on it, each message is there once', async () => {
  const paul = await t.createAccount('paul@batch.example');
  const held = await openHeldIntake();
  const to = [local(paul, 'paul@batch.example')];
  const results = [deliver(held.intake, to, MESSAGE)];
  const backend = await held.waits();
  results.push(...Array.from({ length: 4 }, () => deliver(held.intake, to, MESSAGE)));
  await expect.poll(held.submitted).toBe(5);
  await t.pool.query('SELECT pg_terminate_backend($1)', [backend]);
  await held.letGo();
  expect((await Promise.all(results)).map(({ stored }) => stored)).toEqual([1, 1, 1, 1, 1]);
  expect(await countOf(paul.accountId)).toBe(5);
});

test('a batch that is no round trip after all lets the one behind it pass', async () => {
  const bare = await t.createAccount('bare2@batch.example');
  const rita = await t.createAccount('rita@batch.example');
  await t.pool.query('DELETE FROM folder WHERE account_id = $1', [bare.accountId]);
  const held = await openHeldIntake();
  const first = deliver(held.intake, [local(bare, 'bare2@batch.example'), local(rita, 'rita@batch.example')], MESSAGE);
  await held.waits();
  const others = Array.from({ length: 3 }, () => deliver(held.intake, [local(rita, 'rita@batch.example')], MESSAGE));
  await expect.poll(held.submitted).toBe(4);
  await held.letGo();
  expect(await first).toMatchObject({ stored: 2, queued: 0 });
  expect((await Promise.all(others)).map(({ stored }) => stored)).toEqual([1, 1, 1]);
  expect(await countOf(rita.accountId)).toBe(4);
  expect(await countOf(bare.accountId)).toBe(1);
});

test('a message that PostgreSQL refuses fails alone, and nothing of it is kept', async () => {
  const clara = await t.createAccount('clara@batch.example');
  await t.pool.query(`ALTER TABLE trace_default ADD CONSTRAINT no_poison CHECK (ref <> 'poison')`);
  const results = await Promise.allSettled(
    Array.from({ length: 20 }, (_, at) =>
      deliver(t.intake, [local(clara, 'clara@batch.example')], MESSAGE, { ref: at === 7 ? 'poison' : `r${at}` }),
    ),
  );
  expect(results.map(({ status }) => status).filter((status) => status === 'rejected')).toHaveLength(1);
  expect((results[7] as PromiseRejectedResult).reason).toMatchObject({ name: 'IntakeError', code: 'unavailable' });
  expect(await countOf(clara.accountId)).toBe(19);
  await t.pool.query('ALTER TABLE trace_default DROP CONSTRAINT no_poison');
});

test('of messages that compete for the last bytes as many are taken as fit', async () => {
  const size = 1000;
  const body = `Subject: q\r\n\r\n${'x'.repeat(size)}`;
  const dora = await t.createAccount('dora@batch.example', 10 * 1200);
  const other = await t.openAnother();
  const results = await Promise.allSettled(
    Array.from({ length: 30 }, (_, at) =>
      deliver(at % 2 ? t.intake : other.intake, [local(dora, 'dora@batch.example')], body),
    ),
  );
  const taken = results.filter(({ status }) => status === 'fulfilled').length;
  const { sizeBytes, messages, quotaBytes } = await t.store.readUsage(dora.accountId);
  expect(messages).toBe(taken);
  expect(sizeBytes).toBeLessThanOrEqual(quotaBytes);
  expect(sizeBytes + sizeBytes / taken).toBeGreaterThan(quotaBytes);
  for (const result of results) {
    if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'over-quota' });
  }
  await other.close();
});

test('with one recipient full and one not, the full one is queued for later', async () => {
  const full = await t.createAccount('full@batch.example', 10);
  const roomy = await t.createAccount('roomy@batch.example');
  const result = await deliver(
    t.intake,
    [local(full, 'full@batch.example'), local(roomy, 'roomy@batch.example')],
    MESSAGE,
  );
  expect(result).toMatchObject({ stored: 1, queued: 1 });
  const { rows } = await t.pool.query(
    `SELECT recipient, destination FROM queue_entry WHERE recipient = 'full@batch.example'`,
  );
  expect(rows).toEqual([{ recipient: 'full@batch.example', destination: 'batch.example' }]);
  await expect(append(t.store, full.accountId, 'Sent', MESSAGE)).rejects.toMatchObject({
    name: 'StoreError',
    code: 'over-quota',
  });
});

test('a quota that fills while the append is under way refuses it', async () => {
  const { accountId } = await t.createAccount('race@batch.example', 100);
  const options = { flags: 0, keywords: [], internalDate: new Date(), sizeBytes: 60 };
  const first = await t.store.append(accountId, 'Sent', options);
  const second = await t.store.append(accountId, 'Sent', options);
  await Promise.all([first.write(Buffer.alloc(60, 'a')), second.write(Buffer.alloc(60, 'b'))]);
  const results = await Promise.allSettled([first.commit(), second.commit()]);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
});

test('mail for an account that another transaction holds waits for it', async () => {
  const held = await t.createAccount('held@batch.example');
  const holder = await t.pool.connect();
  await holder.query('BEGIN');
  await holder.query('SELECT 1 FROM account_usage WHERE account_id = $1 FOR NO KEY UPDATE', [held.accountId]);
  const free = await t.createAccount('free@batch.example');
  const waiting = deliver(t.intake, [local(held, 'held@batch.example')], MESSAGE);
  await deliver(t.intake, [local(free, 'free@batch.example')], MESSAGE);
  await holder.query('COMMIT');
  holder.release();
  expect(await waiting).toMatchObject({ stored: 1, queued: 0 });
});

test('mail for an account that stays held is queued', async () => {
  const stuck = await t.createAccount('stuck@batch.example');
  const holder = await t.pool.connect();
  await holder.query('BEGIN');
  await holder.query('SELECT 1 FROM account_usage WHERE account_id = $1 FOR NO KEY UPDATE', [stuck.accountId]);
  expect(await deliver(t.intake, [local(stuck, 'stuck@batch.example')], MESSAGE)).toMatchObject({
    stored: 0,
    queued: 1,
  });
  await holder.query('COMMIT');
  holder.release();
});

test('an account without folders gets them with its first message', async () => {
  const bare = await t.createAccount('bare@batch.example');
  await t.pool.query('DELETE FROM folder WHERE account_id = $1', [bare.accountId]);
  await t.pool.query('DELETE FROM account_usage WHERE account_id = $1', [bare.accountId]);
  expect(await deliver(t.intake, [local(bare, 'bare@batch.example')], MESSAGE)).toMatchObject({ stored: 1, queued: 0 });
});

test('backends killed under load lose nothing that was acknowledged and leave nothing half', async () => {
  const victim = await t.createAccount('victim@batch.example');
  const acknowledged: string[] = [];
  let killing = true;
  const killer = (async () => {
    while (killing) {
      await t.pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
         AND query LIKE '%unnest%' AND query NOT LIKE '%pg_terminate%'`,
      );
      await delay(5); // between two kills some batches must get through, however slow the machine
    }
  })();
  const large = `${'y'.repeat(1_500_000)}\r\n`;
  await Promise.all(
    Array.from({ length: 8 }, async (_, worker) => {
      for (let at = 0; at < 25; at++) {
        const id = `${worker}-${at}`;
        const body = at % 12 === 5 ? large : 'small\r\n';
        try {
          await deliver(t.intake, [local(victim, 'victim@batch.example')], `X-Id: ${id}\r\n\r\n${body}`);
          acknowledged.push(id);
        } catch (error) {
          expect(error).toMatchObject({ code: 'unavailable' });
        }
      }
    }),
  );
  killing = false;
  await killer;
  const { rows } = await t.pool.query<{ id: string; n: number }>(
    `SELECT substring(encode(substring(c.data FROM 1 FOR 40), 'escape') FROM 'X-Id: ([0-9-]+)') AS id, count(*)::int AS n
     FROM message m JOIN blob_chunk c ON c.blob_id = m.blob_id AND c.seq = 0 WHERE m.account_id = $1 GROUP BY 1`,
    [victim.accountId],
  );
  const kept = new Map(rows.map(({ id, n }) => [id, n]));
  expect(acknowledged.filter((id) => kept.get(id) !== 1)).toEqual([]);
  expect(acknowledged.length).toBeGreaterThan(20);
});

test('a deleted account takes no mail; its message is queued so that its sender is told', async () => {
  const gone = await t.createAccount('gone@batch.example');
  await t.pool.query('UPDATE account SET deleted_at = now() WHERE id = $1', [gone.accountId]);
  expect(await deliver(t.intake, [local(gone, 'gone@batch.example')], MESSAGE)).toMatchObject({ stored: 0, queued: 1 });
});

test('after a batch the connection is ready for the next, refused or not', async () => {
  const tiny = await t.createAccount('tiny@batch.example', 1);
  for (let at = 0; at < 5; at++) {
    await expect(deliver(t.intake, [local(tiny, 'tiny@batch.example')], MESSAGE)).rejects.toMatchObject({
      code: 'over-quota',
    });
  }
  expect(await countOf(tiny.accountId)).toBe(0);
});

test('messages above the limit and in a loop are refused, and an aborted one leaves nothing', async () => {
  const erna = await t.createAccount('erna@batch.example');
  const to = [local(erna, 'erna@batch.example')];
  await expect(deliver(t.intake, to, 'x'.repeat(2000), { maxBytes: 1999 })).rejects.toMatchObject({ code: 'too-big' });
  await expect(deliver(t.intake, to, 'Delivered-To: Erna@batch.example\r\n\r\n')).rejects.toMatchObject({
    code: 'loop',
  });
  await expect(deliver(t.intake, to, `${'Received: x\r\n'.repeat(101)}\r\n`)).rejects.toMatchObject({ code: 'loop' });
  const transaction = t.intake.begin({ ...EMPTY_ENVELOPE, recipients: to });
  await transaction.write(Buffer.alloc(3_000_000, 'z'));
  await transaction.abort();
  await expect(transaction.write(Buffer.from('x'))).rejects.toMatchObject({ code: 'aborted' });
  const { rows } = await t.pool.query(
    "SELECT count(*)::int AS n FROM blob WHERE NOT ready AND created_at > now() - interval '1 minute' AND size = 0 AND id IN (SELECT blob_id FROM blob_chunk)",
  );
  expect(rows[0]).toEqual({ n: 0 });
  expect(await countOf(erna.accountId)).toBe(0);
});

test('flags and keywords of an append are kept as given, keywords once in any case', async () => {
  const { accountId } = await t.createAccount('flags@batch.example');
  await append(t.store, accountId, 'Sent', MESSAGE, Flag.flagged, ['Work', 'work', '"odd\\', 'ünï']);
  const { rows } = await t.pool.query('SELECT flags, keywords FROM message WHERE account_id = $1', [accountId]);
  expect(rows).toEqual([{ flags: Flag.flagged, keywords: ['Work', '"odd\\', 'ünï'] }]);
});
