/** What is there in the end: every copy in every folder, read over IMAP with its bytes, and what still waits in the queue. */
import { ImapFlow } from 'imapflow';
import type { Pool } from 'pg';
import { INBOX, type Ledger } from './ledger.ts';
import { readAttemptId, sentPart } from './letter.ts';

/** Attempt id → address → the folder of each copy found. */
type Found = Map<string, Map<string, string[]>>;

export interface Collected {
  found: Found;
  /** `id address` of copies whose bytes are not those that were sent. */
  damaged: string[];
  /** Messages that no attempt of the ledger's has made. */
  unknown: string[];
}

export interface Mailboxes {
  imapsPort: number;
  addresses: readonly string[];
  password: string;
}

function addCopy(found: Found, id: string, address: string, folder: string): void {
  const byAddress = found.get(id) ?? new Map<string, string[]>();
  found.set(id, byAddress);
  byAddress.set(address, [...(byAddress.get(address) ?? []), folder]);
}

async function readFolder(client: ImapFlow, folder: string, address: string, ledger: Ledger, into: Collected) {
  const lock = await client.getMailboxLock(folder);
  try {
    if (!client.mailbox || client.mailbox.exists === 0) return;
    for await (const { uid, source } of client.fetch('1:*', { source: true, uid: true })) {
      const id = source && readAttemptId(source);
      const attempt = id === undefined ? undefined : ledger.attempts.get(id);
      if (!source || !attempt) {
        into.unknown.push(`${address} ${folder} ${uid}`);
        continue;
      }
      addCopy(into.found, attempt.id, address, folder);
      if (sentPart(source, attempt.size) !== attempt.sha256) into.damaged.push(`${attempt.id} ${address}`);
    }
  } finally {
    lock.release();
  }
}

async function readMailbox(address: string, { imapsPort, password }: Mailboxes, ledger: Ledger, into: Collected) {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: imapsPort,
    secure: true,
    auth: { user: address, pass: password },
    logger: false,
    tls: { rejectUnauthorized: false },
  });
  await client.connect();
  for (const { path } of await client.list()) await readFolder(client, path, address, ledger, into);
  await client.logout();
}

const QUEUED = `SELECT e.recipient, encode(b.sha256, 'hex') AS sha256,
    (SELECT substring(c.data FROM 1 FOR 4096) FROM blob_chunk c WHERE c.blob_id = b.id AND c.seq = 0) AS head
  FROM queue_entry e JOIN queue_message q ON q.id = e.message_id JOIN blob b ON b.id = q.blob_id
  WHERE e.state IN ('waiting', 'leased', 'held')`;

interface QueuedRow {
  recipient: string;
  sha256: string;
  head: Buffer;
}

/** A local recipient's entry counts as its INBOX, where it is on its way to. */
async function readQueue(pool: Pool, ledger: Ledger, into: Collected): Promise<void> {
  const { rows } = await pool.query<QueuedRow>(QUEUED);
  for (const { recipient, sha256, head } of rows) {
    const attempt = ledger.attempts.get(readAttemptId(head) ?? '');
    if (!attempt) {
      into.unknown.push(`queue ${recipient}`);
      continue;
    }
    addCopy(into.found, attempt.id, recipient, INBOX);
    if (sha256 !== attempt.sha256) into.damaged.push(`${attempt.id} ${recipient}`);
  }
}

export async function collectAll(mailboxes: Mailboxes, pool: Pool, ledger: Ledger): Promise<Collected> {
  const collected: Collected = { found: new Map(), damaged: [], unknown: [] };
  await readQueue(pool, ledger, collected);
  for (const address of mailboxes.addresses) await readMailbox(address, mailboxes, ledger, collected);
  return collected;
}
