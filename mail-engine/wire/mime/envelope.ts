/** The IMAP ENVELOPE and the reference chain of a message, from its header fields. */
import { parseAddressList } from '../address/address-list.ts';
import type { ImapAddress, ImapEnvelope } from './types.ts';

const MAX_REFERENCES = 100;

/** Sender and Reply-To default to From (RFC 9051 §7.5.2). */
export function buildEnvelope(values: ReadonlyMap<string, string>): ImapEnvelope {
  const from = readAddresses(values.get('from'));
  const sender = readAddresses(values.get('sender'));
  const replyTo = readAddresses(values.get('reply-to'));
  return {
    date: values.get('date') ?? null,
    subject: values.get('subject') ?? null,
    from,
    sender: sender.length > 0 ? sender : from,
    replyTo: replyTo.length > 0 ? replyTo : from,
    to: readAddresses(values.get('to')),
    cc: readAddresses(values.get('cc')),
    bcc: readAddresses(values.get('bcc')),
    inReplyTo: values.get('in-reply-to') ?? null,
    messageId: values.get('message-id') ?? null,
  };
}

function readAddresses(field: string | undefined): readonly ImapAddress[] {
  return field === undefined || field === '' ? [] : parseAddressList(field);
}

/** Ids without brackets, oldest first; of more than 100 the root and the 99 newest. */
export function buildReferences(values: ReadonlyMap<string, string>): string[] {
  const references = readMessageIds(values.get('references'));
  const chain = references.length > 0 ? references : readMessageIds(values.get('in-reply-to'));
  return chain.length <= MAX_REFERENCES ? chain : [...chain.slice(0, 1), ...chain.slice(1 - MAX_REFERENCES)];
}

/** The bracketed ids of a field; words between them (obsolete phrases of In-Reply-To) are passed over. */
export function readMessageIds(field: string | null | undefined): string[] {
  if (!field) return [];
  const ids = (field.match(/<[^<>\s]{1,998}>/g) ?? []).map((id) => id.slice(1, -1));
  return ids.length > 1 ? [...new Set(ids)] : ids;
}
