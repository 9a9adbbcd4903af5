/**
 * One message to many recipients of one server: MAIL, RCPT…, then BDAT where offered (RFC 3030), else DATA (RFC 5321 §3.3, §4.1.1),
 * pipelined where offered (RFC 2920), with SIZE (RFC 1870), 8BITMIME (RFC 6152), SMTPUTF8 (RFC 6531), DSN (RFC 3461) and REQUIRETLS
 * (RFC 8689) as offered.
 *
 * Rejects with SessionError only while the server has not been given the end of data: then nothing was taken and another
 * server may be tried. Once the final dot is out, whatever happens is an outcome: a lost reply is a deferral, which may
 * duplicate the message and never loses it (RFC 5321 §4.5.3.2.6, RFC 1047). What `openBody` throws is rejected with as it is, and
 * the body is read to its end before the end of data is sent.
 */
import type { SmtpReply } from '#engine/wire/smtp/reply.ts';
import type { Outcome } from '../outcome.ts';
import { formatMail, formatRcpt, type MailParameters, type TransactionRecipient } from './envelope-commands.ts';
import type { MessageContent } from './message-content.ts';
import { ownOutcome, refusal, requireAlive } from './reply-outcome.ts';
import { sendByChunks } from './send-chunks.ts';
import { sendByData } from './send-data.ts';
import type { Session } from './session.ts';
import { SessionError } from './session-error.ts';

export interface TransactionRequest extends MailParameters, MessageContent {
  recipients: readonly TransactionRecipient[];
}

export interface TransactionResult {
  /** One per recipient, in order; null for those the server wants in another transaction (RFC 5321 §4.5.3.1.10). */
  outcomes: readonly (Outcome | null)[];
  /** The session takes another message. */
  reusable: boolean;
}

/** Why this server cannot be given the message at all, before anything is sent. */
function findObstacle(session: Session, request: TransactionRequest): Outcome | undefined {
  const { maxSizeBytes, smtpUtf8 } = session.extensions;
  if (request.smtpUtf8 && !smtpUtf8) {
    return ownOutcome(session, 'failed', '5.6.7', 'the message needs SMTPUTF8, which the server does not offer');
  }
  if (maxSizeBytes !== null && request.sizeBytes > maxSizeBytes) {
    const sizes = `${request.sizeBytes} bytes, the server takes ${maxSizeBytes}`;
    return ownOutcome(session, 'failed', '5.3.4', `the message is too big: ${sizes}`);
  }
  return undefined;
}

/** MAIL's reply and then RCPTs' replies: in one round trip where the server pipelines. After a refused MAIL, RCPT is only read if already sent. */
async function sendEnvelope(session: Session, request: TransactionRequest): Promise<[SmtpReply, SmtpReply[]]> {
  const { channel, timeouts, extensions } = session;
  const mail = formatMail(request, extensions);
  const rcpts = request.recipients.map((recipient) => formatRcpt(recipient, extensions));
  if (extensions.pipelining) await channel.send([mail, ...rcpts], timeouts.mailMs);
  else await channel.send([mail], timeouts.mailMs);
  const mailReply = requireAlive(await channel.readReply(timeouts.mailMs));
  const replies: SmtpReply[] = [];
  for (const rcpt of extensions.pipelining || mailReply.code === 250 ? rcpts : []) {
    if (!extensions.pipelining) await channel.send([rcpt], timeouts.rcptMs);
    replies.push(requireAlive(await channel.readReply(timeouts.rcptMs)));
  }
  return [mailReply, replies];
}

function isAccepted(reply: SmtpReply): boolean {
  return reply.code === 250 || reply.code === 251;
}

/** "Too many recipients" where others were taken: theirs is the next transaction, not a failed attempt. */
function judgeRecipient(session: Session, reply: SmtpReply, someAccepted: boolean): Outcome | null {
  if (someAccepted && (reply.code === 452 || (reply.code === 552 && reply.enhanced === '5.5.3'))) return null;
  return refusal(session, reply);
}

async function resetSession(session: Session): Promise<boolean> {
  try {
    return (await session.channel.command('RSET', session.timeouts.ehloMs)).code === 250;
  } catch (error) {
    if (error instanceof SessionError) return false;
    throw error;
  }
}

export async function runTransaction(session: Session, request: TransactionRequest): Promise<TransactionResult> {
  const forAll = (outcome: Outcome): Outcome[] => request.recipients.map(() => outcome);
  const obstacle = findObstacle(session, request);
  if (obstacle) return { outcomes: forAll(obstacle), reusable: true };
  const [mailReply, replies] = await sendEnvelope(session, request);
  if (mailReply.code !== 250) {
    return { outcomes: forAll(refusal(session, mailReply)), reusable: await resetSession(session) };
  }
  const someAccepted = replies.some(isAccepted);
  const judge = (verdict: Outcome | null) =>
    replies.map((reply) => (isAccepted(reply) ? verdict : judgeRecipient(session, reply, someAccepted)));
  if (!someAccepted) return { outcomes: judge(null), reusable: await resetSession(session) };
  const send = session.extensions.chunking ? sendByChunks : sendByData;
  const [verdict, inStep] = await send(session, request);
  return { outcomes: judge(verdict), reusable: inStep && session.channel.failure === null };
}
