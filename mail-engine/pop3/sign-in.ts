/** Enters the TRANSACTION state, or says why not (AUTH-RESP-CODE, RFC 3206). */
import { maySignIn as mayConnectionSignIn } from '#engine/sasl/may-sign-in.ts';
import type { SaslContext } from '#engine/sasl/types.ts';
import type { AuthenticationResult } from '#server/directory/types.ts';
import { Maildrop } from './maildrop.ts';
import { closingErr, err, ok, refuse } from './reply.ts';
import type { Pop3Reply, Pop3Session } from './types.ts';

const FAILURES: Readonly<Record<'wrong' | 'throttled' | 'suspended' | 'expired', string>> = {
  wrong: '[AUTH] Authentication failed',
  expired: '[AUTH] Authentication failed: token expired',
  suspended: '[AUTH] Account suspended',
  throttled: '[SYS/TEMP] Too many failed attempts, try again later',
};

export function maySignIn({ connection, deps }: Pop3Session): boolean {
  return mayConnectionSignIn(connection, deps.signInSettings());
}

export function saslContext({ connection, deps }: Pop3Session): SaslContext {
  const { hostname, authenticator, signInSettings } = deps;
  return { service: 'pop3', connection, hostname, authenticator, settings: signInSettings() };
}

export function requireMaySignIn(session: Pop3Session): void {
  if (!maySignIn(session)) throw refuse('[SYS/PERM] Sign in over TLS: STLS first');
}

export async function finishSignIn(session: Pop3Session, result: AuthenticationResult): Promise<Pop3Reply> {
  session.user = null;
  if (!result.ok) {
    session.failedLogins += 1;
    session.connection.log.info({ reason: result.reason }, 'sign-in failed');
    const text = FAILURES[result.reason];
    return session.failedLogins < session.limits.failedLogins ? err(text) : closingErr(text);
  }
  const { accountId, address } = result.account;
  session.maildrop = await Maildrop.open(session.deps.store, accountId);
  const { signal, release } = session.deps.accountWatch.enter(result.account);
  session.leaveWatch = release;
  signal.addEventListener('abort', () => session.connection.revoke(), { once: true });
  await session.deps.relayGate?.noteSignIn(result.account, session.connection.peer.address, 'pop3');
  const { count, bytes } = session.maildrop.stat();
  session.connection.log.info({ accountId, messages: count }, 'signed in');
  return ok(`${address} has ${count} messages (${bytes} octets)`);
}
