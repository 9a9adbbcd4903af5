/**
 * Forwards a leased entry: in one transaction the entry ends and entries for where it leads take its place, under the same sender,
 * so a crash neither loses nor doubles. The bytes are not copied. Delivered-To names the address forwarded from, by which intake
 * finds a message that comes back (RFC 5321 §6.3).
 *
 * Nothing is done where the lease is no longer ours: who has it now forwards.
 */
import { randomBytes } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';
import { deferred, delivered, type Outcome } from '#engine/delivery/outcome.ts';
import { inTransaction } from '#server/database/pool-transaction.ts';
import type { DeliverableRecipient, RemoteTarget } from '#server/directory/types.ts';
import { type Propagation, propagateDsn } from './propagate-dsn.ts';
import { removeEmptyMessage } from './remove-empty-message.ts';
import { insertTraces } from './trace.ts';
import type { LeasedEntry, LeasedMessage, Notice } from './types.ts';

interface ForwardOptions {
  pool: Pool;
  /** True where the account got its copy of the message of this ref when it was taken in. */
  wasStored: (ref: string, accountId: number) => Promise<boolean>;
  now: () => Date;
}

/** Each lease counts an attempt: the number tells ours from a later one. */
const LOCK = `SELECT FROM queue_entry WHERE id = $1 AND state = 'leased' AND attempts = $2 FOR UPDATE`;

/** As it was taken in, but submitted by nobody: what a forward sends is not its first sender's doing. */
const COPY_MESSAGE = `
INSERT INTO queue_message (blob_id, prefix, size, sender, env_id, ret, smtp_utf8, eight_bit, ref, created_at, expires_at, require_tls)
SELECT blob_id, $2::bytea || prefix, size + octet_length($2::bytea), sender, env_id, ret, smtp_utf8, eight_bit, ref, created_at,
  expires_at, require_tls
FROM queue_message WHERE id = $1 RETURNING id`;

const ADD_ENTRIES = `
INSERT INTO queue_entry (message_id, recipient, destination, notify, orcpt, next_attempt_at)
SELECT $1, t.recipient, t.destination, $4, $5, $6 FROM unnest($2::text[], $3::text[]) AS t (recipient, destination)`;

const REMOVE = 'DELETE FROM queue_entry WHERE id = $1';
const REPORT = `
UPDATE queue_entry SET state = 'delivered', lease_owner = NULL, lease_until = NULL, last_reply = $2, notice_ref = $3, notice = $4
WHERE id = $1`;

const REPLY = 'passed on to where the address leads';

function toNotice(now: Date): Notice {
  const words = { status: '2.1.5', diagnostic: REPLY, spoken: false, remoteHost: null };
  return { action: 'expanded', ...words, lastAttemptAt: now.toISOString() };
}

async function addEntries(
  client: PoolClient,
  { id }: LeasedMessage,
  from: string,
  ends: readonly RemoteTarget[],
  { notify, orcpt }: Propagation,
  now: Date,
): Promise<void> {
  const prefix = Buffer.from(`Delivered-To: ${from.replace(/[\r\n\0].*$/s, '')}\r\n`);
  const { rows } = await client.query<{ id: number }>(COPY_MESSAGE, [id, prefix]);
  const addresses = ends.map(({ address }) => address);
  const destinations = ends.map(({ destination }) => destination);
  await client.query(ADD_ENTRIES, [rows[0]?.id, addresses, destinations, notify, orcpt, now]);
}

async function endEntry(client: PoolClient, entry: LeasedEntry, reports: boolean, now: Date): Promise<void> {
  if (!reports) await client.query(REMOVE, [entry.id]);
  else {
    const ref = `dsn-${randomBytes(9).toString('hex')}`;
    await client.query(REPORT, [entry.id, REPLY, ref, JSON.stringify(toNotice(now))]);
  }
}

function toTraces(message: LeasedMessage, { recipient }: LeasedEntry, ends: readonly RemoteTarget[]) {
  const { ref, sender } = message;
  const common = { kind: 'forwarded' as const, ref, accountId: null, sender, recipient, peer: null };
  return ends.map(({ address }) => ({ ...common, detail: `to ${address}` }));
}

/** Accounts that had no copy when the message was taken in get an entry too. */
async function findEnds(options: ForwardOptions, ref: string, found: DeliverableRecipient): Promise<RemoteTarget[]> {
  const ends = [...found.remotes];
  for (const { accountId, address } of found.targets) {
    if (await options.wasStored(ref, accountId)) continue;
    ends.push({ address, destination: address.slice(address.lastIndexOf('@') + 1) });
  }
  return ends;
}

/** `found`: what the entry's recipient leads to, remote addresses among it. */
export async function forwardEntry(
  options: ForwardOptions,
  message: LeasedMessage,
  entry: LeasedEntry,
  found: DeliverableRecipient,
): Promise<Outcome> {
  const ends = await findEnds(options, message.ref, found);
  const isAlone = found.remotes.length + found.targets.length === 1;
  const propagation = propagateDsn(entry, message.sender, isAlone);
  const now = options.now();
  const done = await inTransaction(options.pool, async (client) => {
    await client.query('SELECT FROM queue_message WHERE id = $1 FOR UPDATE', [message.id]);
    const { rowCount } = await client.query(LOCK, [entry.id, entry.attempts]);
    if (rowCount === 0) return false;
    await addEntries(client, message, entry.recipient, ends, propagation, now);
    await endEntry(client, entry, propagation.reportsExpansion, now);
    await insertTraces(client, toTraces(message, entry, ends), now);
    await removeEmptyMessage(client, message.id);
    return true;
  });
  return done ? delivered('2.1.5', REPLY) : deferred('4.3.0', 'somebody else forwards it');
}
