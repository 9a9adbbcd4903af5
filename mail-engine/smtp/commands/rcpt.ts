/**
 * RCPT (RFC 5321 §4.1.1.3). Whether the recipient exists is said here and now, never by a bounce later. Relaying is for those
 * who signed in. Recipients that lead to the same account merge into one copy.
 */
import type { IntakeRecipient } from '#engine/intake/types.ts';
import { parseRcptParameters } from '#engine/wire/smtp/parameters.ts';
import { needsSmtpUtf8, parseForwardPath } from '#engine/wire/smtp/path.ts';
import type { RecipientResolution } from '#server/directory/types.ts';
import { type GivenRecipient, toIntake, toRemote } from '../recipient-check/to-intake.ts';
import { closingReply, refuse, reply, SmtpRefusal } from '../reply.ts';
import { defineCommand, type MailTransaction, type SmtpSession } from '../types.ts';

function refuseUnknown(session: SmtpSession): SmtpRefusal {
  session.unknownRecipients += 1;
  if (session.unknownRecipients <= session.limits.unknownRecipients) return refuse(550, '5.1.1', 'No such user here');
  return new SmtpRefusal(closingReply(421, '4.7.0', 'Too many unknown recipients, closing the connection'));
}

function resolveTo(session: SmtpSession, resolution: RecipientResolution, given: GivenRecipient): IntakeRecipient[] {
  switch (resolution.kind) {
    case 'deliverable':
      return toIntake(resolution, given, session.transaction?.sender ?? '');
    case 'not-hosted':
      if (session.role === 'submission') return [toRemote(given)];
      throw refuse(550, '5.7.1', 'Relaying denied');
    case 'unknown':
      throw refuseUnknown(session);
    case 'suspended':
      throw refuse(550, '5.2.1', 'Mailbox suspended');
    case 'circular':
      throw refuse(554, '5.4.6', 'This address leads to itself');
    case 'over-quota':
      throw refuse(452, '4.2.2', 'Mailbox full');
  }
}

function keyOf(recipient: IntakeRecipient): string {
  return recipient.kind === 'local' ? `account ${recipient.accountId}` : recipient.address;
}

function addRecipients(transaction: MailTransaction, address: string, added: readonly IntakeRecipient[]): void {
  for (const recipient of added) {
    const key = keyOf(recipient);
    if (transaction.known.has(key)) continue;
    transaction.known.add(key);
    transaction.recipients.push(recipient);
  }
  transaction.paths.push(added);
  if (transaction.accepted === 0) transaction.firstRecipient = address;
  transaction.accepted += 1;
}

export const rcpt = defineCommand({
  name: 'RCPT',
  states: ['mail', 'rcpt'],
  needsAuth: true,
  parse: (argument, session): GivenRecipient => {
    const { mailbox, rest } = parseForwardPath(argument, session.deps.hostname);
    return { recipient: mailbox, parameters: parseRcptParameters(rest) };
  },
  run: async (session, given) => {
    const { transaction, deps, connection } = session;
    if (transaction === null) throw refuse(503, '5.5.1', 'MAIL first');
    const { address } = given.recipient;
    if (needsSmtpUtf8(given.recipient) && !transaction.parameters.smtpUtf8) {
      throw refuse(553, '5.6.7', 'This recipient needs SMTPUTF8');
    }
    if (transaction.accepted >= deps.settings().maxRecipients) throw refuse(452, '4.5.3', 'Too many recipients');
    const resolution = await deps.directory.resolveRecipient(address);
    if (resolution.kind !== 'deliverable' && !(resolution.kind === 'not-hosted' && session.role === 'submission')) {
      connection.log.info(
        { sender: transaction.sender, recipient: address, why: resolution.kind },
        'recipient refused',
      );
    }
    addRecipients(transaction, address, resolveTo(session, resolution, given));
    return reply(250, '2.1.5', 'Recipient ok');
  },
});
