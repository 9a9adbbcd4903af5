/**
 * Who may send to domains that are not ours: who signed in; a client whose access rule sets RELAYCLIENT; and one for which a POP3 or
 * IMAP sign-in has opened relaying, under the addresses of the accounts that did.
 */
import { formatMailbox } from '#engine/wire/address/mailbox.ts';
import type { Mailbox } from '#engine/wire/smtp/path.ts';
import { normaliseDomain } from '#server/addresses/normalise-address.ts';
import type { RelayRight, SmtpSession } from '../types.ts';

const BY_SIGN_IN: RelayRight = { by: 'sign-in' };
const BY_RULE: RelayRight = { by: 'rule' };

/** True for clients an access rule trusts: chkuser's own test for whom it leaves alone. */
export function isRelayClient({ client }: SmtpSession): boolean {
  return client.relaySuffix !== null && client.relayOpeners.length === 0;
}

/** A connection may last longer than what was open when it began. */
function isStillOpen({ deps, connection }: SmtpSession, accountId: number): boolean {
  const until = deps.relayOpenings?.openUntil(connection.peer.address, accountId) ?? Number.POSITIVE_INFINITY;
  return until > deps.now().getTime();
}

/** Null where the client may not relay what it sends under this sender. Of several accounts that may, it is the first one's. */
export async function findRelayRight(session: SmtpSession, sender: string): Promise<RelayRight | null> {
  const { role, client, deps } = session;
  if (role === 'submission') return session.account === null ? null : BY_SIGN_IN;
  if (client.relaySuffix === null || role === 'lmtp') return null;
  if (client.relayOpeners.length === 0) return BY_RULE;
  for (const { accountId } of client.relayOpeners) {
    if (!isStillOpen(session, accountId)) continue;
    if (await deps.directory.maySendAs(accountId, sender)) return { by: 'opening', accountId };
  }
  return null;
}

/** RELAYCLIENT's value is appended to every recipient's address (qmail-smtpd(8)); undefined where that makes no address. */
export function appendSuffix({ client }: SmtpSession, recipient: Mailbox): Mailbox | undefined {
  const suffix = client.relaySuffix ?? '';
  if (suffix === '') return recipient;
  const text = `${recipient.address}${suffix}`;
  const at = text.lastIndexOf('@');
  const domain = normaliseDomain(text.slice(at + 1));
  if (domain === undefined) return undefined;
  return { address: formatMailbox({ localPart: text.slice(0, at), domain }), domain };
}
