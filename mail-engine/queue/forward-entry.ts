/**
 * Forwards a leased entry: in one transaction the entry ends and entries for where it leads take its place, under the same sender,
 * so a crash neither loses nor doubles. The bytes are not copied. Delivered-To names the address forwarded from, by which intake
 * finds a message that comes back (RFC 5321 §6.3).
 *
 * Copies for other servers count in the send limits of the forwarding domain and its reseller, in that same transaction; over one
 * they are born held, until somebody releases the domain's forwards. Where so much is held that no more is taken, the entry waits.
 *
 * Nothing is done where the lease is no longer ours: who has it now forwards.
 */
import { randomBytes } from 'node:crypto';
import type { PoolClient } from 'pg';
import { deferred, delivered, type Outcome } from '#engine/delivery/outcome.ts';
import type { DeliverableRecipient, RemoteTarget } from '#server/directory/types.ts';
import type { Logger } from '#server/logger.ts';
import type { ForwardTransaction, SendGate } from '#server/send-limits/create-send-gate.ts';
import { type Propagation, propagateDsn } from './propagate-dsn.ts';
import { removeEmptyMessage } from './remove-empty-message.ts';
import { insertTraces } from './trace.ts';
import type { LeasedEntry, LeasedMessage, Notice } from './types.ts';

interface ForwardOptions {
  sendGate: Pick<SendGate, 'forward'>;
  /** True where the account got its copy of the message of this ref when it was taken in. */
  wasStored: (ref: string, accountId: number) => Promise<boolean>;
  now: () => Date;
  log: Logger;
}

/** What one entry becomes. */
interface Copies {
  message: LeasedMessage;
  entry: LeasedEntry;
  /** Accounts of ours that had no copy when the message was taken in. */
  here: readonly RemoteTarget[];
  elsewhere: readonly RemoteTarget[];
  propagation: Propagation;
  now: Date;
}

/**
 * Mail that says that something is held, which nobody but the hold keeper gives such a ref: a domain's owner whose address forwards
 * would otherwise never get it.
 */
const TELLS_OF_HOLD = /^hold-/;

/** Each lease counts an attempt: the number tells ours from a later one. */
const LOCK = `SELECT FROM queue_entry WHERE id = $1 AND state = 'leased' AND attempts = $2 FOR UPDATE`;

/** As it was taken in, but submitted by nobody: what a forward sends is not its first sender's doing. */
const COPY_MESSAGE = `
INSERT INTO queue_message (blob_id, prefix, size, sender, env_id, ret, smtp_utf8, eight_bit, ref, created_at, expires_at, require_tls,
  forwarding_domain_id)
SELECT blob_id, $2::bytea || prefix, size + octet_length($2::bytea), sender, env_id, ret, smtp_utf8, eight_bit, ref, created_at,
  expires_at, require_tls, $3
FROM queue_message WHERE id = $1 RETURNING id`;

const ADD_ENTRIES = `
INSERT INTO queue_entry (message_id, recipient, destination, notify, orcpt, next_attempt_at, hold_reason, state)
SELECT $1, t.recipient, t.destination, $4, $5, $6, $7, CASE WHEN $7::text IS NULL THEN 'waiting' ELSE 'held' END::queue_state
FROM unnest($2::text[], $3::text[]) AS t (recipient, destination)`;

const REMOVE = 'DELETE FROM queue_entry WHERE id = $1';
const REPORT = `
UPDATE queue_entry SET state = 'delivered', lease_owner = NULL, lease_until = NULL, last_reply = $2, notice_ref = $3, notice = $4
WHERE id = $1`;

const REPLY = 'passed on to where the address leads';

function toNotice(now: Date): Notice {
  const words = { status: '2.1.5', diagnostic: REPLY, spoken: false, remoteHost: null };
  return { action: 'expanded', ...words, lastAttemptAt: now.toISOString() };
}

async function addMessage(
  { client, domainId }: ForwardTransaction,
  { message, entry, propagation: { notify, orcpt }, now }: Copies,
  ends: readonly RemoteTarget[],
  holdReason: string | null,
): Promise<void> {
  if (ends.length === 0) return;
  const prefix = Buffer.from(`Delivered-To: ${entry.recipient.replace(/[\r\n\0].*$/s, '')}\r\n`);
  const { rows } = await client.query<{ id: number }>(COPY_MESSAGE, [message.id, prefix, domainId]);
  const addresses = ends.map(({ address }) => address);
  const destinations = ends.map(({ destination }) => destination);
  await client.query(ADD_ENTRIES, [rows[0]?.id, addresses, destinations, notify, orcpt, now, holdReason]);
}

/** What is held is a message of its own, so that it is released or deleted as a whole. */
async function addCopies(transaction: ForwardTransaction, copies: Copies, holdReason: string | null): Promise<void> {
  const { here, elsewhere } = copies;
  const leaving = holdReason === null ? [...here, ...elsewhere] : here;
  await addMessage(transaction, copies, leaving, null);
  if (holdReason !== null) await addMessage(transaction, copies, elsewhere, holdReason);
}

async function endEntry(client: PoolClient, entry: LeasedEntry, reports: boolean, now: Date): Promise<void> {
  if (!reports) await client.query(REMOVE, [entry.id]);
  else {
    const ref = `dsn-${randomBytes(9).toString('hex')}`;
    await client.query(REPORT, [entry.id, REPLY, ref, JSON.stringify(toNotice(now))]);
  }
}

function toTraces({ message, entry, here, elsewhere }: Copies, domainId: number | null, holdReason: string | null) {
  const { ref, sender } = message;
  const { recipient } = entry;
  const common = { kind: 'forwarded' as const, ref, accountId: null, domainId, sender, recipient, peer: null };
  const held = holdReason === null ? '' : `, held: ${holdReason}`;
  return [
    ...here.map(({ address }) => ({ ...common, detail: `to ${address}` })),
    ...elsewhere.map(({ address }) => ({ ...common, detail: `to ${address}${held}` })),
  ];
}

async function findHere({ wasStored }: ForwardOptions, ref: string, { targets }: DeliverableRecipient) {
  const here: RemoteTarget[] = [];
  for (const { accountId, address } of targets) {
    if (await wasStored(ref, accountId)) continue;
    here.push({ address, destination: address.slice(address.lastIndexOf('@') + 1) });
  }
  return here;
}

async function holdsLease(client: PoolClient, { message, entry }: Copies): Promise<boolean> {
  await client.query('SELECT FROM queue_message WHERE id = $1 FOR UPDATE', [message.id]);
  return (await client.query(LOCK, [entry.id, entry.attempts])).rowCount !== 0;
}

/** Undefined: they leave. */
async function judge({ admit }: ForwardTransaction, { message, elsewhere }: Copies, log: Logger) {
  const { ref: queue, sizeBytes } = message;
  if (TELLS_OF_HOLD.test(queue)) return undefined;
  const admission = await admit({ recipients: elsewhere.map(({ address }) => address), sizeBytes });
  if (admission.kind === 'send') return undefined;
  log.warn({ queue, domain: message.destination, admission: admission.kind }, 'forwards are over a send limit');
  return admission;
}

async function replaceEntry(transaction: ForwardTransaction, copies: Copies, log: Logger): Promise<Outcome> {
  const { client, domainId } = transaction;
  const { message, entry, propagation, now } = copies;
  if (!(await holdsLease(client, copies))) return deferred('4.3.0', 'somebody else forwards it');
  const admission = await judge(transaction, copies, log);
  if (admission?.kind === 'refuse') return deferred('4.7.1', 'too much of what the domain forwards is held');
  const holdReason = admission?.reason ?? null;
  await addCopies(transaction, copies, holdReason);
  await endEntry(client, entry, propagation.reportsExpansion, now);
  await insertTraces(client, toTraces(copies, domainId, holdReason), now);
  await removeEmptyMessage(client, message.id);
  return delivered('2.1.5', REPLY);
}

/** `found`: what the entry's recipient leads to, remote addresses among it. `domain`: see `SendGate`. */
export async function forwardEntry(
  options: ForwardOptions,
  message: LeasedMessage,
  entry: LeasedEntry,
  found: DeliverableRecipient,
  domain: string | null,
): Promise<Outcome> {
  const isAlone = found.remotes.length + found.targets.length === 1;
  const copies: Copies = {
    message,
    entry,
    here: await findHere(options, message.ref, found),
    elsewhere: found.remotes,
    propagation: propagateDsn(entry, message.sender, isAlone),
    now: options.now(),
  };
  return options.sendGate.forward(domain, (transaction) => replaceEntry(transaction, copies, options.log));
}
