/** From the authenticator's answer to the session's new state. */
import type { AuthenticationResult } from '#server/directory/types.ts';
import { formatCapability } from './capability.ts';
import type { Completion } from './command.ts';
import { ImapError, ImapGoodbye } from './errors.ts';
import type { ImapSession } from './session.ts';

type Refusal = Extract<AuthenticationResult, { ok: false }>['reason'];

const REFUSALS: Readonly<Record<Refusal, readonly [code: string, text: string]>> = {
  wrong: ['AUTHENTICATIONFAILED', 'The address or password is wrong'],
  throttled: ['UNAVAILABLE', 'Too many attempts, try again later'],
  suspended: ['CONTACTADMIN', 'This mailbox is suspended'],
  expired: ['EXPIRED', 'The access has expired'],
};

/** Throws the refusal; too many of them end the session. */
function refuseSignIn(session: ImapSession, reason: Refusal): never {
  session.authFailures += 1;
  session.log.info({ reason }, 'sign-in refused');
  if (session.authFailures >= session.deps.limits.maxAuthFailures) throw new ImapGoodbye('Too many failed logins');
  const [code, text] = REFUSALS[reason];
  throw new ImapError('NO', code, text);
}

export async function acceptSignIn(session: ImapSession, result: AuthenticationResult): Promise<Completion> {
  if (!result.ok) return refuseSignIn(session, result.reason);
  session.beginAs(result.account);
  session.log = session.log.child({ account: result.account.accountId });
  await session.deps.relayGate?.noteSignIn(result.account, session.connection.peer.address, 'imap');
  session.log.info('signed in');
  return { status: 'OK', code: formatCapability(session), text: 'Signed in' };
}
