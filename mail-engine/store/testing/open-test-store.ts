/** A store on a database of its own, for tests. */
import type { Pool } from 'pg';
import { expectClean } from '#engine/check/run-check.ts';
import { createIntake } from '#engine/intake/create-intake.ts';
import type { Intake, IntakeEnvelope, IntakeRecipient, IntakeResult } from '#engine/intake/types.ts';
import { cloneDatabase } from '#prisma/testing/clone-database.ts';
import { createPool } from '#server/database/pool.ts';
import { createStore, type MailStore } from '../create-store.ts';
import type { Uid } from '../types.ts';

export interface TestStore {
  url: string;
  pool: Pool;
  store: MailStore;
  intake: Intake;
  /** A second engine on the same database. */
  openAnother(): Promise<{ store: MailStore; intake: Intake; close: () => Promise<void> }>;
  createAccount(address: string, quotaBytes?: number): Promise<{ accountId: number; domainId: number }>;
  /** Checks every invariant first. */
  close(): Promise<void>;
}

async function createAccount(pool: Pool, address: string, quotaBytes: number) {
  const [localPart = '', domain = ''] = address.split('@');
  const { rows } = await pool.query<{ id: number }>(
    `WITH made AS (INSERT INTO domain (name) VALUES ($1) ON CONFLICT DO NOTHING RETURNING id)
     SELECT id FROM made UNION ALL SELECT id FROM domain WHERE name = $1`,
    [domain],
  );
  const domainId = rows[0]?.id ?? 0;
  const { rows: accounts } = await pool.query<{ id: number }>(
    `INSERT INTO account (domain_id, local_part, address, password_hash, quota_bytes) VALUES ($1, $2, $3, 'x', $4) RETURNING id`,
    [domainId, localPart, address, quotaBytes],
  );
  const accountId = accounts[0]?.id ?? 0;
  await pool.query('SELECT create_default_folders($1)', [accountId]);
  return { accountId, domainId };
}

async function openEngine(url: string) {
  const pool = createPool({ connectionString: url, max: 10 });
  const store = await createStore({ pool, listenUrl: url });
  const intake = createIntake({ store });
  const close = async (): Promise<void> => {
    await intake.close();
    await store.close();
    await pool.end();
  };
  return { pool, store, intake, close };
}

export async function openTestStore(clusterUrl: string): Promise<TestStore> {
  const database = await cloneDatabase(clusterUrl);
  const { pool, store, intake, close } = await openEngine(database.url);
  return {
    url: database.url,
    pool,
    store,
    intake,
    openAnother: () => openEngine(database.url),
    createAccount: (address, quotaBytes = 0) => createAccount(pool, address, quotaBytes),
    close: async () => {
      try {
        await expectClean(pool);
      } finally {
        await close();
        await database.drop();
      }
    },
  };
}

export const EMPTY_ENVELOPE: Omit<IntakeEnvelope, 'recipients'> = {
  sender: 'sender@remote.example',
  ref: 'test',
  received: 'Received: from client by test; Mon, 23 Nov 2026 00:00:00 +0000\r\n',
  peer: '192.0.2.1',
  maxBytes: 100 * 1024 * 1024,
};

/** Delivers through intake, in pieces. */
export async function deliver(
  intake: Intake,
  recipients: readonly IntakeRecipient[],
  bytes: Buffer | string,
  envelope: Partial<IntakeEnvelope> = {},
): Promise<IntakeResult> {
  const transaction = intake.begin({ ...EMPTY_ENVELOPE, ...envelope, recipients });
  const source = Buffer.from(bytes);
  for (let at = 0; at < source.length; at += 65_536) await transaction.write(source.subarray(at, at + 65_536));
  return transaction.commit();
}

export async function append(
  store: MailStore,
  accountId: number,
  folderName: string,
  bytes: Buffer | string,
  flags = 0,
  keywords: readonly string[] = [],
): Promise<{ uidValidity: number; uid: Uid }> {
  const source = Buffer.from(bytes);
  const writer = await store.append(accountId, folderName, {
    flags,
    keywords,
    internalDate: new Date(),
    sizeBytes: source.length,
  });
  for (let at = 0; at < source.length; at += 65_536) await writer.write(source.subarray(at, at + 65_536));
  return writer.commit();
}

/** All bytes of one message. */
export async function readMessage(store: MailStore, accountId: number, folderId: number, uid: Uid): Promise<Buffer> {
  for await (const reader of store.openMessages(accountId, folderId, [uid])) return reader.read(0, reader.size);
  throw new Error(`no message ${uid}`);
}
