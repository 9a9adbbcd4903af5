/**
 * To whom nothing is answered (RFC 3834 §2): machines, lists and those who did not write to the responder by name. Pure.
 */
import { parseAddressList } from '#engine/wire/address/address-list.ts';
import { readHeaderFields } from '#engine/wire/mime/header-fields.ts';
import { normaliseAddress } from '#server/addresses/normalise-address.ts';

interface Answerable {
  /** Reverse-path. */
  sender: string;
  /** Of the message that came. */
  header: Buffer;
  /** The responder's address, and the one it was reached by. */
  addresses: readonly string[];
}

/** Local parts behind which nobody reads. */
const MACHINES =
  /^(?:mailer-daemon|postmaster|listserv|majordomo|mdaemon|no-?reply|do-?not-?reply|owner-.*|.*-(?:owner|request|bounces?)|bounces?(?:[-+=].*)?)$/;
/** Fields of lists (RFC 2369, RFC 2919), of other responders, and of our own answers. */
const LIST_FIELD = /^list-(?:id|help|subscribe|unsubscribe|post|owner|archive)$/;
const BULK = /\b(?:bulk|junk|list)\b/i;
/** Of Microsoft's list of what to suppress, what concerns answers. */
const SUPPRESSED = /\b(?:all|autoreply|oof)\b/i;
const RECIPIENT_FIELDS: ReadonlySet<string> = new Set(['to', 'cc', 'resent-to', 'resent-cc']);

function judgeField(name: string, value: string): string | null {
  if (name === 'auto-submitted' && !/^no\b/i.test(value)) return 'sent by a machine';
  if (LIST_FIELD.test(name)) return 'sent by a list';
  if (name === 'precedence' && BULK.test(value)) return 'sent in bulk';
  if (name === 'x-auto-response-suppress' && SUPPRESSED.test(value)) return 'its sender wants no answer';
  return null;
}

function namesOneOf(value: string, addresses: ReadonlySet<string | undefined>): boolean {
  return parseAddressList(value).some(({ mailbox, host }) => {
    return mailbox !== null && host !== null && addresses.has(normaliseAddress(`${mailbox}@${host}`)?.address);
  });
}

/** Why there is no answer; null where there is one. */
export function refuseAnswer({ sender, header, addresses }: Answerable): string | null {
  const from = normaliseAddress(sender);
  if (from === undefined) return 'it has no sender';
  const own = new Set(addresses.map((address) => normaliseAddress(address)?.address));
  own.delete(undefined);
  if (own.has(from.address)) return 'it comes from the responder itself';
  if (MACHINES.test(from.localPart)) return 'nobody reads answers there';
  let named = false;
  for (const { name, rawValue } of readHeaderFields(header)) {
    const field = name.toLowerCase();
    const reason = judgeField(field, rawValue);
    if (reason !== null) return reason;
    named ||= RECIPIENT_FIELDS.has(field) && namesOneOf(rawValue, own);
  }
  return named ? null : 'it was not written to the responder by name';
}
