/**
 * One line for each decision, in chkuser's form:
 * `CHKUSER accepted rcpt: from <sender:remoteinfo:identify> remote <helo:hostname:ip> rcpt <recipient> : found existing recipient`.
 * What strangers chose the words of cannot break out of its place: spaces, angle brackets, colons and everything invisible in it
 * become underscores.
 */
import type { SmtpSession } from '../types.ts';

export type Brief =
  | 'accepted rcpt'
  | 'accepted any rcpt'
  | 'relaying rcpt'
  | 'rejected relaying'
  | 'rejected rcpt'
  | 'intrusion threshold'
  | 'rejected intrusion'
  | 'mbx overquota'
  | 'no auth resource'
  | 'must auth'
  | 'accepted sender'
  | 'rejected sender';

const HARMLESS = /^[!-9;=?-~]{0,320}$/;
const MAX_CHARACTERS = 320;

function clean(text: string): string {
  if (HARMLESS.test(text)) return text;
  return [...text]
    .slice(0, MAX_CHARACTERS)
    .join('')
    .replace(/[\p{C}\p{Z}\s<>:]/gu, '_');
}

function formatDecision(session: SmtpSession, brief: Brief, recipient: string, extended: string): string {
  const { transaction, account, client, helo, connection } = session;
  const from = `${clean(transaction?.sender ?? '')}:${clean(account?.address ?? '')}:${clean(client.chkuser.identify ?? '')}`;
  const remote = `${clean(helo?.name ?? '')}:${clean(connection.peerName ?? '')}:${connection.peer.address}`;
  return `CHKUSER ${brief}: from <${from}> remote <${remote}> rcpt <${clean(recipient)}> : ${extended}`;
}

export function logDecision(session: SmtpSession, brief: Brief, recipient: string, extended: string): void {
  const { log } = session.connection;
  if (log.isLevelEnabled('info')) log.info(formatDecision(session, brief, recipient, extended));
}
