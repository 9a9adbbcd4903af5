/** One leased message to its destination, wherever that is now: a domain may have moved here or away since it was queued. */
import type { Pool } from 'pg';
import { deliverLocally, type LocalDeliveryOptions } from '#engine/delivery/local/local-delivery.ts';
import type { Outcome } from '#engine/delivery/outcome.ts';
import type { RemoteDelivery } from '#engine/delivery/remote/remote-delivery.ts';
import { readQueueBody } from './message-body.ts';
import type { LeasedEntry, LeasedMessage } from './types.ts';

export interface DeliverOptions {
  pool: Pool;
  local: LocalDeliveryOptions;
  remote: RemoteDelivery;
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

/** One outcome per entry, in order. */
export async function deliverMessage(options: DeliverOptions, message: LeasedMessage): Promise<readonly Outcome[]> {
  const openBody = () => readQueueBody(options.pool, message);
  if (!(await options.local.directory.isHosted(message.destination))) {
    const recipients = message.entries.map((entry) => toWireRecipient(entry, message.destination));
    return options.remote.deliver(message.destination, { ...message, openBody }, recipients);
  }
  const outcomes: Outcome[] = [];
  for (const { id, recipient } of message.entries) {
    outcomes.push(await deliverLocally(options.local, { ...message, openBody }, recipient, `queue-entry-${id}`));
  }
  return outcomes;
}
