/** The IMAP ENVELOPE and the reference chain of a message, from its header fields. */
import { parseAddressList } from '../address/address-list.ts';
import type { ImapAddress, ImapEnvelope } from './types.ts';

const MAX_REFERENCES = 100;
/** As many fit a header whose addresses are real. */
const MAX_ADDRESSES = 5_000;

/** The envelopes of one message, its own and then those of messages inside it: together they name at most 5,000 addresses. */
export class EnvelopeBuilder {
  private left = MAX_ADDRESSES;

  /** Sender and Reply-To default to From (RFC 9051 §7.5.2): they are the same list then. */
  build(values: ReadonlyMap<string, string>): ImapEnvelope {
    const from = this.readAddresses(values.get('from'));
    const sender = this.readAddresses(values.get('sender'));
    const replyTo = this.readAddresses(values.get('reply-to'));
    return {
      date: values.get('date') ?? null,
      subject: values.get('subject') ?? null,
      from,
      sender: sender.length > 0 ? sender : from,
      replyTo: replyTo.length > 0 ? replyTo : from,
      to: this.readAddresses(values.get('to')),
      cc: this.readAddresses(values.get('cc')),
      bcc: this.readAddresses(values.get('bcc')),
      inReplyTo: values.get('in-reply-to') ?? null,
      messageId: values.get('message-id') ?? null,
    };
  }

  private readAddresses(field: string | undefined): readonly ImapAddress[] {
    const addresses = field === undefined || field === '' ? [] : parseAddressList(field, this.left);
    this.left = Math.max(0, this.left - addresses.length);
    return addresses;
  }
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
