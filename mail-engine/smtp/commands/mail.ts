/**
 * MAIL (RFC 5321 §4.1.1.2) with SIZE (RFC 1870 §6), BODY, SMTPUTF8, RET, ENVID, REQUIRETLS (within TLS only) and, on submission,
 * HOLDFOR and HOLDUNTIL. There the sender must be an address of the account that signed in (RFC 6409 §6.1).
 */
import { type MailParameters, parseMailParameters } from '#engine/wire/smtp/parameters.ts';
import { type Mailbox, needsSmtpUtf8, type PathAndRest, parseReversePath } from '#engine/wire/smtp/path.ts';
import { SmtpSyntaxError } from '#engine/wire/smtp/syntax-error.ts';
import { type Soon, whenThere } from '#server/soon.ts';
import { isSenderAsked, requireSenderDomain } from '../recipient-check/check-sender.ts';
import { CHECK_REPLIES } from '../recipient-check/replies.ts';
import { closingReply, type Reply, refuse, reply, SmtpRefusal } from '../reply.ts';
import { maxMessageBytes } from '../size-limit.ts';
import { defineCommand, type MailTransaction, type SmtpSession } from '../types.ts';

interface MailArguments {
  sender: Mailbox | null;
  parameters: MailParameters;
}

function parseSender(argument: string): PathAndRest {
  try {
    return parseReversePath(argument);
  } catch (error) {
    if (error instanceof SmtpSyntaxError && error.enhanced === '5.1.3') throw new SmtpRefusal(CHECK_REPLIES.badSender);
    throw error;
  }
}

async function requireOwnedSender({ account, deps }: SmtpSession, sender: Mailbox): Promise<void> {
  if (account === null || (await deps.directory.maySendAs(account.accountId, sender.address))) return;
  throw refuse(550, '5.7.1', `${sender.address} is not an address of yours`);
}

/** Nobody is asked about the null reverse-path: it is how clients send read receipts (RFC 8098 §3), and servers their notices. */
function requireSender(session: SmtpSession, sender: Mailbox | null): Soon<void> {
  if (sender === null) return;
  if (session.role === 'submission') return requireOwnedSender(session, sender);
  if (isSenderAsked(session)) return requireSenderDomain(session, sender);
}

/** RFC 8689 §3.1: only where the client could see it offered, which is within TLS. */
function requireTlsToRequire({ connection }: SmtpSession, parameters: MailParameters): void {
  if (parameters.requireTls && connection.tls === null)
    throw refuse(530, '5.7.10', 'REQUIRETLS needs TLS: STARTTLS first');
}

/** When the message may leave; null: at once. A time that is past is as none (RFC 4865 §4). */
function readRelease({ role, deps }: SmtpSession, { holdFor, holdUntil }: MailParameters): Date | null {
  if (holdFor === undefined && holdUntil === undefined) return null;
  const { futureReleaseSeconds } = deps.settings();
  if (role !== 'submission' || futureReleaseSeconds === 0) {
    throw refuse(555, '5.5.4', 'Parameters HOLDFOR and HOLDUNTIL are not known');
  }
  const now = deps.now().getTime();
  const release = holdUntil ?? new Date(now + (holdFor ?? 0) * 1000);
  if (release.getTime() > now + futureReleaseSeconds * 1000) {
    throw refuse(501, '5.5.4', `A message may wait ${futureReleaseSeconds} seconds at most`);
  }
  return release.getTime() > now ? release : null;
}

/** MAILMAX (RFC 9422 §4.1). */
function countMail(session: SmtpSession): void {
  session.mails += 1;
  if (session.mails <= session.limits.mails) return;
  throw new SmtpRefusal(closingReply(421, '4.7.0', 'Too many messages in one session, connect again'));
}

const SENDER_OK = reply(250, '2.1.0', 'Sender ok');

function begin(session: SmtpSession, transaction: MailTransaction): Reply {
  countMail(session);
  session.transaction = transaction;
  return SENDER_OK;
}

export const mail = defineCommand({
  name: 'MAIL',
  states: ['ready'],
  needsAuth: true,
  parse: (argument): MailArguments => {
    const { mailbox, rest } = parseSender(argument);
    return { sender: mailbox, parameters: parseMailParameters(rest) };
  },
  run: (session, { sender, parameters }) => {
    if (sender !== null && needsSmtpUtf8(sender) && !parameters.smtpUtf8) {
      throw refuse(553, '5.6.7', 'This sender needs SMTPUTF8');
    }
    const maxBytes = maxMessageBytes(session);
    if ((parameters.size ?? 0) > maxBytes) {
      throw refuse(552, '5.3.4', `Message too big, at most ${maxBytes} bytes are taken`);
    }
    requireTlsToRequire(session, parameters);
    const notBefore = readRelease(session, parameters);
    const transaction: MailTransaction = {
      sender: sender?.address ?? '',
      parameters,
      recipients: [],
      known: new Set(),
      accepted: 0,
      firstRecipient: '',
      paths: [],
      relaying: null,
      notBefore,
      incoming: null,
    };
    return whenThere(requireSender(session, sender), () => begin(session, transaction));
  },
});
