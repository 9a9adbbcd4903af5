/**
 * Who a submission says it is from (RFC 6409 §6.1, §8.1): every address of From and Sender must be one the account owns or may send as,
 * whatever the envelope's sender is (it is empty for a read receipt).
 */
import { formatMailbox } from '#engine/wire/address/mailbox.ts';
import type { ImapAddress, MessageFacts } from '#engine/wire/mime/types.ts';
import { refuse } from '../reply.ts';
import type { SmtpDeps } from '../types.ts';

/** More authors than this no message has; each is looked up. */
const MAX_ADDRESSES = 20;
/** With ends of groups, and what is named twice: of a list that is longer still the envelope has only the beginning. */
const MAX_ENTRIES = 100;

/** Undefined for a group's beginning and end, which are no mailboxes. */
function addressOf({ mailbox, host }: ImapAddress): string | undefined {
  return mailbox === null || host === null ? undefined : formatMailbox({ localPart: mailbox, domain: host });
}

function addressesOf(list: readonly ImapAddress[]): string[] {
  return list.flatMap((entry) => addressOf(entry) ?? []);
}

export async function requireOwnFrom(deps: SmtpDeps, accountId: number, { imapEnvelope }: MessageFacts): Promise<void> {
  const from = addressesOf(imapEnvelope.from);
  if (from.length === 0) throw refuse(550, '5.6.0', 'The From field names no address');
  const addresses = new Set([...from, ...addressesOf(imapEnvelope.sender)]);
  const entries = Math.max(imapEnvelope.from.length, imapEnvelope.sender.length);
  if (addresses.size > MAX_ADDRESSES || entries > MAX_ENTRIES)
    throw refuse(550, '5.6.0', 'The From field names too many addresses');
  if (!deps.settings().checksFrom) return;
  for (const address of addresses) {
    if (await deps.directory.maySendAs(accountId, address)) continue;
    // What a header says may hold anything: the reply names only what is plain text.
    const named = /^[!-~]{1,64}@[!-~]{1,254}$/.test(address) ? address : 'An address in From or Sender';
    throw refuse(550, '5.7.1', `${named} is not an address of yours`);
  }
}

/** True where RFC 5322 §3.6.2 wants a Sender: the authors are several. */
export function needsSender({ imapEnvelope }: MessageFacts): boolean {
  return addressesOf(imapEnvelope.from).length > 1;
}
