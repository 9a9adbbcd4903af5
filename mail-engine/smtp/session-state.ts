import { ConnectionError } from '#engine/net/types.ts';
import { maySignIn as mayConnectionSignIn } from '#engine/sasl/may-sign-in.ts';
import type { SaslContext } from '#engine/sasl/types.ts';
import type { AuthenticatedAccount } from '#server/directory/types.ts';
import type { SmtpSession, SmtpState } from './types.ts';

export function stateOf({ helo, transaction }: SmtpSession): SmtpState {
  if (helo === null) return 'start';
  if (transaction === null) return 'ready';
  if (transaction.incoming !== null) return 'chunks';
  return transaction.accepted > 0 ? 'rcpt' : 'mail';
}

/** Ends the transaction without a message: RSET, EHLO, a refused message, the end of the session. */
export async function resetTransaction(session: SmtpSession): Promise<void> {
  const { transaction } = session;
  session.transaction = null;
  await transaction?.incoming?.abort();
}

/** After a message, whatever became of it. */
export function endMessage(session: SmtpSession): void {
  session.transaction = null;
  session.quietSince = session.deps.now().getTime();
}

function leftMs({ role, account, limits, quietSince, deps }: SmtpSession): number {
  if (role === 'submission' && account !== null) return Number.POSITIVE_INFINITY;
  const totalMs = role === 'submission' ? limits.signInTotalMs : limits.messageGapMs;
  return quietSince + totalMs - deps.now().getTime();
}

/**
 * How long the next line may take. Who does not sign in, begins no message or does not end it in its total time gets a timeout,
 * so that no place is held for ever by commands that do nothing.
 */
export function lineTimeoutMs(session: SmtpSession): number {
  const { limits, transaction } = session;
  if (transaction?.incoming) {
    transaction.incoming.requireInTime();
    return limits.commandTimeoutMs;
  }
  const left = leftMs(session);
  if (left <= 0) throw new ConnectionError('timeout', 'the session took too long to come to its point');
  return Math.min(limits.commandTimeoutMs, left);
}

/** From here on the session is this account's, for as long as it has the right to be. */
export function beginAs(session: SmtpSession, account: AuthenticatedAccount): void {
  session.account = account;
  const { signal, release } = session.deps.accountWatch.enter(account);
  session.leaveWatch = release;
  signal.addEventListener('abort', () => session.connection.revoke(), { once: true });
}

/** Before TLS begins, and at the end of the session. */
export function forgetAccount(session: SmtpSession): void {
  session.leaveWatch?.();
  session.leaveWatch = null;
  session.account = null;
}

export function saslContext({ connection, deps }: SmtpSession): SaslContext {
  const { hostname, authenticator, signInSettings } = deps;
  return { service: 'submission', connection, hostname, authenticator, settings: signInSettings() };
}

/** True where credentials may be sent. */
export function maySignIn({ role, connection, deps }: SmtpSession): boolean {
  return role === 'submission' && mayConnectionSignIn(connection, deps.signInSettings());
}
