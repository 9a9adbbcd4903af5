/** What a server's reply makes of a recipient. */
import { formatReply, type SmtpReply } from '#engine/wire/smtp/reply.ts';
import { type Outcome, oneLine } from '../outcome.ts';
import type { Session } from './session.ts';
import { SessionError } from './session-error.ts';

const STATUS_CLASS: Readonly<Record<Outcome['kind'], number>> = { delivered: 2, deferred: 4, failed: 5 };

export function toOutcome(session: Session, reply: SmtpReply, kind: Outcome['kind']): Outcome {
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
export function ownOutcome(session: Session, kind: Outcome['kind'], status: string, reason: string): Outcome {
  const outcome = toOutcome(session, { code: 0, enhanced: null, lines: [] }, kind);
  return { ...outcome, status, reply: oneLine(reason), spoken: false };
}

export function requireAlive(reply: SmtpReply): SmtpReply {
  if (reply.code === 421) throw new SessionError('closed', 'the server closes', reply);
  return reply;
}

export function refusal(session: Session, reply: SmtpReply): Outcome {
  // A 2xx or 3xx where it makes no sense is the server's confusion: try again later rather than bounce.
  const outcome = toOutcome(session, reply, reply.code >= 500 ? 'failed' : 'deferred');
  return reply.code < 400 ? { ...outcome, status: '4.5.0' } : outcome;
}
