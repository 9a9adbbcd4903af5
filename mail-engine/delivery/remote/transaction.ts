/**
 * One message to many recipients of one server: MAIL, RCPT…, DATA (RFC 5321 §3.3, §4.1.1), pipelined where offered (RFC 2920),
 * with SIZE (RFC 1870), 8BITMIME (RFC 6152), SMTPUTF8 (RFC 6531) and DSN (RFC 3461) as offered.
 *
 * Rejects with SessionError only while the server has not been given the end of data: then nothing was taken and another
 * server may be tried. Once the final dot is out, whatever happens is an outcome: a lost reply is a deferral, which may
 * duplicate the message and never loses it (RFC 5321 §4.5.3.2.6, RFC 1047).
 */
import { DotStuffer } from '#engine/wire/smtp/dot-stuffing.ts';
import { formatReply, type SmtpReply } from '#engine/wire/smtp/reply.ts';
import { type Outcome, oneLine } from '../outcome.ts';
import { formatMail, formatRcpt, type TransactionRecipient } from './envelope-commands.ts';
import type { Session } from './session.ts';
import { SessionError } from './session-error.ts';
import { transferTimeoutMs } from './timeouts.ts';

export interface TransactionRequest {
  sender: string;
  recipients: readonly TransactionRecipient[];
  sizeBytes: number;
  eightBit: boolean;
  smtpUtf8: boolean;
  envId: string | null;
  ret: string | null;
  /** Canonical bytes, `sizeBytes` of them; opened once. */
  openBody: () => AsyncIterable<Buffer>;
}

export interface TransactionResult {
  /** One per recipient, in order; null for those the server wants in another transaction (RFC 5321 §4.5.3.1.10). */
  outcomes: readonly (Outcome | null)[];
  /** The session takes another message. */
  reusable: boolean;
}

const STATUS_CLASS: Readonly<Record<Outcome['kind'], number>> = { delivered: 2, deferred: 4, failed: 5 };

function toOutcome(session: Session, reply: SmtpReply, kind: Outcome['kind']): Outcome {
  const statusClass = STATUS_CLASS[kind];
  const fits = reply.enhanced?.startsWith(`${statusClass}.`) ?? false;
  return {
    kind,
    status: fits && reply.enhanced !== null ? reply.enhanced : `${statusClass}.0.0`,
    reply: formatReply(reply),
    spoken: true,
    remoteHost: session.host,
    peer: session.channel.peer,
    tls: session.tls,
    passesDsn: session.extensions.dsn,
    unreachable: false,
  };
}

/** Own words about a session that was fine so far. */
function ownOutcome(session: Session, kind: Outcome['kind'], status: string, reason: string): Outcome {
  const outcome = toOutcome(session, { code: 0, enhanced: null, lines: [] }, kind);
  return { ...outcome, status, reply: oneLine(reason), spoken: false };
}

function requireAlive(reply: SmtpReply): SmtpReply {
  if (reply.code === 421) throw new SessionError('closed', 'the server closes', reply);
  return reply;
}

function refusal(session: Session, reply: SmtpReply): Outcome {
  // A 2xx or 3xx where it makes no sense is the server's confusion: try again later rather than bounce.
  const outcome = toOutcome(session, reply, reply.code >= 500 ? 'failed' : 'deferred');
  return reply.code < 400 ? { ...outcome, status: '4.5.0' } : outcome;
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

/** False where the server answered before it had everything. */
async function streamBody(session: Session, request: TransactionRequest): Promise<boolean> {
  const { channel, timeouts, clock } = session;
  const stuffer = new DotStuffer();
  const deadline = clock.now().getTime() + transferTimeoutMs(request.sizeBytes);
  let sent = 0;
  for await (const chunk of request.openBody()) {
    if (channel.hasReply) return false;
    if (clock.now().getTime() > deadline) throw new SessionError('timeout', 'the peer takes the message too slowly');
    sent += chunk.length;
    await channel.writeData(stuffer.stuff(chunk), timeouts.dataBlockMs);
  }
  if (sent !== request.sizeBytes) throw new Error(`message has ${sent} bytes instead of ${request.sizeBytes}`);
  if (channel.hasReply) return false;
  try {
    await channel.writeData([stuffer.end()], timeouts.dataBlockMs);
  } catch (error) {
    // The dot may be out: the verdict, read next from the failed channel, is an outcome and no longer a SessionError.
    if (!(error instanceof SessionError)) throw error;
  }
  return true;
}

async function readVerdict(session: Session): Promise<Outcome> {
  try {
    const reply = await session.channel.readReply(session.timeouts.dataEndMs);
    return reply.code === 250 ? toOutcome(session, reply, 'delivered') : refusal(session, reply);
  } catch (error) {
    if (!(error instanceof SessionError)) throw error;
    return ownOutcome(session, 'deferred', '4.4.2', `no reply to the end of the message: ${error.message}`);
  }
}

/** The verdict on everything the server accepted in RCPT, and whether the session is still in step. */
async function sendMessage(session: Session, request: TransactionRequest): Promise<[Outcome, boolean]> {
  const { channel, timeouts } = session;
  const go = requireAlive(await channel.command('DATA', timeouts.dataMs));
  if (go.code !== 354) return [refusal(session, go), go.code >= 400];
  channel.expectReply();
  const complete = await streamBody(session, request);
  if (complete) return [await readVerdict(session), channel.failure === null];
  const early = await channel.readReply(timeouts.dataEndMs);
  return [refusal(session, early), false];
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
  const [verdict, inStep] = await sendMessage(session, request);
  return { outcomes: judge(verdict), reusable: inStep && session.channel.failure === null };
}
