/**
 * MAIL (RFC 5321 §4.1.1.2) with SIZE (RFC 1870 §6), BODY, SMTPUTF8, RET and ENVID. On submission the sender must be an address
 * of the account that signed in (RFC 6409 §6.1).
 */
import { type MailParameters, parseMailParameters } from '#engine/wire/smtp/parameters.ts';
import { type Mailbox, needsSmtpUtf8, parseReversePath } from '#engine/wire/smtp/path.ts';
import { refuse, reply } from '../reply.ts';
import { defineCommand, type SmtpSession } from '../types.ts';

interface MailArguments {
  sender: Mailbox | null;
  parameters: MailParameters;
}

async function requireOwnedSender(session: SmtpSession, sender: Mailbox | null): Promise<void> {
  const { account, deps } = session;
  // The null reverse-path is how clients send read receipts (RFC 8098 §3).
  if (session.role === 'mx' || account === null || sender === null) return;
  if (await deps.directory.ownsAddress(account.accountId, sender.address)) return;
  throw refuse(550, '5.7.1', `${sender.address} is not an address of yours`);
}

export const mail = defineCommand({
  name: 'MAIL',
  states: ['ready'],
  needsAuth: true,
  parse: (argument): MailArguments => {
    const { mailbox, rest } = parseReversePath(argument);
    return { sender: mailbox, parameters: parseMailParameters(rest) };
  },
  run: async (session, { sender, parameters }) => {
    if (sender !== null && needsSmtpUtf8(sender) && !parameters.smtpUtf8) {
      throw refuse(553, '5.6.7', 'This sender needs SMTPUTF8');
    }
    const { maxMessageBytes } = session.deps.settings();
    if ((parameters.size ?? 0) > maxMessageBytes) {
      throw refuse(552, '5.3.4', `Message too big, at most ${maxMessageBytes} bytes are taken`);
    }
    await requireOwnedSender(session, sender);
    session.transaction = {
      sender: sender?.address ?? '',
      parameters,
      recipients: [],
      known: new Set(),
      accepted: 0,
      firstRecipient: '',
      incoming: null,
    };
    return reply(250, '2.1.0', 'Sender ok');
  },
});
