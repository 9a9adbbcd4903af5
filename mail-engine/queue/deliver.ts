/** One leased message to its destination, wherever that is now: a domain may have moved here or away since it was queued. */
import type { Pool } from 'pg';
import { deferFault } from '#engine/delivery/defer-fault.ts';
import { deliverLocally, type LocalDeliveryOptions } from '#engine/delivery/local/local-delivery.ts';
import type { Outcome } from '#engine/delivery/outcome.ts';
import type { RemoteDelivery } from '#engine/delivery/remote/remote-delivery.ts';
import { type AnswerDeps, answer } from '#engine/delivery/responder/answer.ts';
import type { SendGate } from '#server/send-limits/create-send-gate.ts';
import { forwardEntry } from './forward-entry.ts';
import { readQueueBody } from './message-body.ts';
import { readMessageHeader } from './message-header.ts';
import type { LeasedEntry, LeasedMessage } from './types.ts';

export interface DeliverOptions {
  pool: Pool;
  local: LocalDeliveryOptions;
  remote: RemoteDelivery;
  responder: AnswerDeps;
  sendGate: SendGate;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is asked for
const ASCII = /^[\x00-\x7f]*$/;

/** A domain in U-labels needs no SMTPUTF8 as long as the local part is ASCII: its A-labels do (RFC 6531 §3.2). */
function toWireAddress(address: string, destination: string): string {
  const localPart = address.slice(0, address.lastIndexOf('@'));
  return ASCII.test(address) || !ASCII.test(localPart) ? address : `${localPart}@${destination}`;
}

function toWireRecipient({ recipient, notify, orcpt }: LeasedEntry, destination: string) {
  return { address: toWireAddress(recipient, destination), notify, orcpt };
}

/**
 * Answers first: that may be repeated. Forwarding ends the entry itself. What is left is for folders here, and may be deferred.
 */
async function deliverHere(
  options: DeliverOptions,
  message: LeasedMessage,
  entry: LeasedEntry,
  isHosted: boolean,
): Promise<Outcome> {
  const { pool, local, responder, sendGate } = options;
  const { recipient } = entry;
  const entryRef = `queue-entry-${entry.id}`;
  const found = await local.directory.resolveRecipient(recipient);
  if (found.kind === 'deliverable') {
    const readHeader = () => readMessageHeader(pool, message);
    for (const id of found.responderIds) {
      await answer(responder, id, entryRef, { sender: message.sender, recipient, readHeader });
    }
    if (found.remotes.length > 0) {
      const { wasStored } = local;
      const { now, log } = responder;
      // An entry's destination is the domain of its recipient.
      const domain = isHosted ? message.destination : null;
      return forwardEntry({ sendGate, wasStored, now, log }, message, entry, found, domain);
    }
  }
  const openBody = () => readQueueBody(pool, message);
  // Its bytes are what a message and what was forwarded of it have in common.
  return deliverLocally(local, { ...message, openBody }, recipient, `queue-blob-${message.blobId}`);
}

async function deliverElsewhere(
  { pool, remote }: DeliverOptions,
  message: LeasedMessage,
  entries: readonly LeasedEntry[],
): Promise<readonly Outcome[]> {
  if (entries.length === 0) return [];
  const recipients = entries.map((entry) => toWireRecipient(entry, message.destination));
  const openBody = () => readQueueBody(pool, message);
  return remote.deliver(message.destination, { ...message, openBody }, recipients);
}

/**
 * One outcome per entry, in order. Of a destination that is not hosted, at most this host's postmaster is here. Rejects only before
 * anything was delivered: a fault with one entry here defers that one.
 */
export async function deliverMessage(options: DeliverOptions, message: LeasedMessage): Promise<readonly Outcome[]> {
  const { directory } = options.local;
  const isHosted = await directory.isHosted(message.destination);
  const isHere = ({ recipient }: LeasedEntry) => isHosted || directory.isHostPostmaster(recipient);
  const elsewhere = message.entries.filter((entry) => !isHere(entry));
  const outcomes = [...(await deliverElsewhere(options, message, elsewhere))];
  for (const [index, entry] of message.entries.entries()) {
    if (!isHere(entry)) continue;
    const here = deliverHere(options, message, entry, isHosted);
    const outcome = await here.catch((error: unknown) => deferFault(options.responder.log, message.ref, error));
    outcomes.splice(index, 0, outcome);
  }
  return outcomes;
}
