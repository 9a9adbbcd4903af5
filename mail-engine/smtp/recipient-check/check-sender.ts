/**
 * chkuser's sender check, where an admin wants it: strangers' domains must take mail. Not asked of those who may relay, of bounces,
 * of our own domains, and of clients a rule excepts (CHKUSER_SENDER_NOCHECK, CHKUSER_START=NONE).
 */
import type { Mailbox } from '#engine/wire/smtp/path.ts';
import { SmtpRefusal } from '../reply.ts';
import type { SmtpSession } from '../types.ts';
import { logDecision } from './decision-log.ts';
import { CHECK_REPLIES } from './replies.ts';

export function isSenderAsked({ role, account, client, deps }: SmtpSession): boolean {
  const { senderNoCheck, start } = client.chkuser;
  if (role !== 'mx' || account !== null || client.relaySuffix !== null || senderNoCheck || start === 'none')
    return false;
  return deps.recipientCheck.settings().checksSenderDomain;
}

export async function requireSenderDomain(session: SmtpSession, sender: Mailbox): Promise<void> {
  if (await session.deps.directory.isHosted(sender.domain)) return;
  const found = await session.deps.recipientCheck.senderDomain(sender.domain);
  if (found === 'takes-mail') return;
  const why = found === 'takes-none' ? 'invalid sender MX domain' : 'temporary DNS problem';
  logDecision(session, 'rejected sender', '', `${why}: ${sender.address.replace(/[^!-~]/g, '_')}`);
  throw new SmtpRefusal(found === 'takes-none' ? CHECK_REPLIES.senderWithoutMx : CHECK_REPLIES.dnsFailure);
}
