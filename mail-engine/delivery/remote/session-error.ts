/** Why a session with a server ended before it had answered for a message: what happened, not what it means. */
import { formatReply, type SmtpReply } from '#engine/wire/smtp/reply.ts';

export type SessionErrorCode =
  /** No connection: refused, unreachable, timed out. */
  | 'connect'
  /** The peer closed, or said 421. */
  | 'closed'
  | 'timeout'
  /** Not SMTP, replies nobody asked for, lines without end. */
  | 'protocol'
  /** The TLS handshake failed: worth another try in clear where the policy lets us. */
  | 'tls'
  /** The greeting or EHLO and HELO were refused. */
  | 'refused'
  /** No verified TLS, or no REQUIRETLS, where the message needs both (RFC 8689). */
  | 'unprotected'
  | 'aborted';

export class SessionError extends Error {
  readonly code: SessionErrorCode;
  /** The peer's own words, where it said any. */
  readonly reply: SmtpReply | null;

  constructor(code: SessionErrorCode, message: string, reply: SmtpReply | null = null) {
    super(reply === null ? message : `${message}: ${formatReply(reply)}`);
    this.name = 'SessionError';
    this.code = code;
    this.reply = reply;
  }
}
