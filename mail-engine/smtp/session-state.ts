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

/** True where a password may be sent: in TLS, or where the admin has allowed clear text. */
export function maySignIn(session: SmtpSession): boolean {
  return session.role === 'submission' && (session.connection.tls !== null || !session.deps.settings().requiresTls);
}
