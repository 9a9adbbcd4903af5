/** What EHLO and LHLO offer: only what this listener does, and in this state (RFC 5321 §4.1.1.1). */
import { offeredMechanisms } from '#engine/sasl/mechanisms.ts';
import { maySignIn, saslContext } from './session-state.ts';
import { maxMessageBytes } from './size-limit.ts';
import type { SmtpSession } from './types.ts';

/** The longest wait a submission may ask for, as seconds and as the time it would end now (RFC 4865 §3). */
function futureRelease({ role, deps }: SmtpSession): string[] {
  const { futureReleaseSeconds } = deps.settings();
  if (role !== 'submission' || futureReleaseSeconds === 0) return [];
  const until = new Date(deps.now().getTime() + futureReleaseSeconds * 1000);
  return [`FUTURERELEASE ${futureReleaseSeconds} ${until.toISOString().replace(/\.\d+Z$/, 'Z')}`];
}

export function listExtensions(session: SmtpSession): string[] {
  const { connection, deps, limits } = session;
  const { maxRecipients } = deps.settings();
  const inTls = connection.tls !== null;
  const list = [
    'PIPELINING',
    `SIZE ${maxMessageBytes(session)}`,
    '8BITMIME',
    'BINARYMIME',
    'SMTPUTF8',
    'DSN',
    'CHUNKING',
  ];
  list.push('ENHANCEDSTATUSCODES', `LIMITS RCPTMAX=${maxRecipients} MAILMAX=${limits.mails}`);
  list.push(...futureRelease(session), inTls ? 'REQUIRETLS' : 'STARTTLS');
  if (maySignIn(session) && session.account === null)
    list.push(`AUTH ${offeredMechanisms(saslContext(session)).join(' ')}`);
  return list;
}
