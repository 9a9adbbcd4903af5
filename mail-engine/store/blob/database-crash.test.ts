/**
 * PostgreSQL is killed while a long message is still coming in, and the engine lives on. What the log's buffers held is gone then: the last
 * chunks, whose commits did not wait for the disk. The log writer sleeps here, so that they certainly were in the buffers.
 */
import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { IntakeTransaction } from '#engine/intake/types.ts';
import { type Cluster, startCluster } from '#prisma/embedded/cluster.ts';
import { migrate } from '#prisma/migrate.ts';
import { findFreePort } from '#server/free-port.ts';
import { deliver, EMPTY_ENVELOPE, openTestStore, readMessage, type TestStore } from '../testing/open-test-store.ts';

const NOBODY = { uid: 65534, gid: 65534 };
const MIB = 1024 * 1024;
const TEMPLATE = 'mailstead_template';

let root: string;
let cluster: Cluster;
let t: TestStore;
let account: { accountId: number; domainId: number };
let restart: () => Promise<void>;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mailstead-crash-'));
  const runAs = process.getuid?.() === 0 ? NOBODY : undefined;
  if (runAs) await chown(root, runAs.uid, runAs.gid);
  const options = {
    dir: join(root, 'data'),
    port: await findFreePort(),
    password: randomBytes(12).toString('hex'),
    settings: { wal_writer_delay: '10s', wal_writer_flush_after: '1GB' },
    ...(runAs && { runAs }),
  };
  cluster = await startCluster(options);
  // Its children may hold the folder for a moment.
  restart = () =>
    vi.waitFor(
      async () => {
        cluster = await startCluster(options);
      },
      { timeout: 30_000 },
    );
  const client = new Client({ connectionString: cluster.url() });
  await client.connect();
  await client.query(`CREATE DATABASE ${TEMPLATE}`);
  await client.end();
  await migrate(cluster.url(TEMPLATE));
  t = await openTestStore(cluster.url());
  account = await t.createAccount('slow@crash.example');
});

afterEach(async () => {
  try {
    await t.close();
  } finally {
    await cluster.stop();
    await rm(root, { recursive: true, force: true });
  }
});

async function crash(): Promise<void> {
  cluster.process.kill('SIGKILL');
  await cluster.exited;
  await restart();
}

function begin(): IntakeTransaction {
  const recipient = { kind: 'local', ...account, address: 'slow@crash.example' } as const;
  return t.intake.begin({ ...EMPTY_ENVELOPE, recipients: [recipient] });
}

/** Writes so many bytes of one letter's, and waits until all full chunks of them are in the database. */
async function write(transaction: IntakeTransaction, bytes: Buffer, chunks: number): Promise<void> {
  for (let at = 0; at < bytes.length; at += 65_536) await transaction.write(bytes.subarray(at, at + 65_536));
  await vi.waitFor(async () => {
    const { rows } = await t.pool.query<{ n: number }>('SELECT count(*) AS n FROM blob_chunk');
    expect(rows[0]?.n).toBeGreaterThanOrEqual(chunks);
  });
}

function letter(mebibytes: number, letterOfIt: string): Buffer {
  return Buffer.from(`Subject: long\r\n\r\n${`${letterOfIt.repeat(62)}\r\n`.repeat(mebibytes * 16_384)}`);
}

test('a message whose last chunks a crash took back is refused, never acknowledged with a hole', async () => {
  const bytes = letter(4, 'a');
  const transaction = begin();
  await write(transaction, bytes.subarray(0, 2 * MIB), 7);
  await t.pool.query(`INSERT INTO setting (key, value, updated_by) VALUES ('flushes', '1', 'the log up to here')`);
  await write(transaction, bytes.subarray(2 * MIB, 3 * MIB), 11);
  await crash();
  await transaction.write(bytes.subarray(3 * MIB));
  await expect(transaction.commit()).rejects.toMatchObject({ code: 'unavailable' });
});

test('a message whose beginning a crash took back never gets into another one’s bytes', async () => {
  const lost = begin();
  await write(lost, letter(2, 'a'), 7);
  await crash();
  const other = begin();
  const bytes = letter(3, 'b');
  await write(other, bytes.subarray(0, 2 * MIB), 7);
  await expect((async () => lost.write(letter(2, 'a')))().then(() => lost.commit())).rejects.toMatchObject({
    code: 'unavailable',
  });
  await other.write(bytes.subarray(2 * MIB));
  await other.commit();
  const folder = await t.store.findFolder(account.accountId, 'INBOX');
  const stored = await readMessage(t.store, account.accountId, folder?.id ?? 0, 1);
  expect(stored.subarray(stored.length - bytes.length).equals(bytes)).toBe(true);
});

test('what was being committed when PostgreSQL died is answered once it is back, and the answer is true', async () => {
  const recipient = { kind: 'local', ...account, address: 'slow@crash.example' } as const;
  const refs = Array.from({ length: 300 }, (_, at) => `ref-${at}`);
  let answered = 0;
  const sent = refs.map(async (ref) => {
    await deliver(t.intake, [recipient], `Subject: ${ref}\r\n\r\nx\r\n`, { ref });
    answered += 1;
    return ref;
  });
  const outcomes = Promise.allSettled(sent);
  await vi.waitFor(() => expect(answered).toBeGreaterThan(0), { interval: 1 });
  await crash();
  const told = (await outcomes).flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const { rows } = await t.pool.query<{ ref: string }>('SELECT ref FROM trace ORDER BY ref');
  expect(rows.map(({ ref }) => ref)).toEqual(told.toSorted());
});
