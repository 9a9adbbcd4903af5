/**
 * RCPT (RFC 5321 §4.1.1.3). Whether the recipient exists is said here and now, never by a bounce later: `recipient-check`.
 * Recipients that lead to the same account merge into one copy.
 */
import type { IntakeRecipient } from '#engine/intake/types.ts';
import { parseRcptParameters } from '#engine/wire/smtp/parameters.ts';
import { parseForwardPath } from '#engine/wire/smtp/path.ts';
import { SmtpSyntaxError } from '#engine/wire/smtp/syntax-error.ts';
import { whenThere } from '#server/soon.ts';
import { checkRecipient, type NamedRecipient } from '../recipient-check/check-recipient.ts';
import { isHostPostmaster } from '../recipient-check/host-postmaster.ts';
import { CHECK_REPLIES } from '../recipient-check/replies.ts';
import { refuse, reply } from '../reply.ts';
import { defineCommand, type MailTransaction, type SmtpSession } from '../types.ts';

/** The path as written, for the log; what follows it is of no interest there. */
function pathText(argument: string): string {
  return argument.replace(/^to:\s*/i, '').slice(0, 320);
}

/** An address of the wrong form counts as a recipient like any other; a command of the wrong form does not. */
function parseRcpt(argument: string, session: SmtpSession): NamedRecipient {
  const { hostname } = session.deps;
  try {
    const { mailbox: written, rest, isBare } = parseForwardPath(argument, hostname);
    const isLiteral = isHostPostmaster(session, written);
    const mailbox = isLiteral ? parseForwardPath('TO:<postmaster>', hostname).mailbox : written;
    return { text: mailbox.address, mailbox, isHost: isBare || isLiteral, parameters: parseRcptParameters(rest) };
  } catch (error) {
    if (!(error instanceof SmtpSyntaxError) || error.enhanced !== '5.1.3') throw error;
    const answer = argument.includes('@') ? CHECK_REPLIES.badRecipient : CHECK_REPLIES.noDomain;
    return { text: pathText(argument), mailbox: answer, isHost: false, parameters: {} };
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

const RECIPIENT_OK = reply(250, '2.1.5', 'Recipient ok');

export const rcpt = defineCommand({
  name: 'RCPT',
  states: ['mail', 'rcpt'],
  needsAuth: true,
  parse: parseRcpt,
  run: (session, named) => {
    const { transaction } = session;
    if (transaction === null) throw refuse(503, '5.5.1', 'MAIL first');
    return whenThere(checkRecipient(session, transaction, named), (added) => {
      addRecipients(transaction, named.text, added);
      return RECIPIENT_OK;
    });
  },
});
