/** The account a bearer token was made for, while the web session behind it stands. */
import type { Database } from '../database/prisma.ts';
import type { AuthenticationResult } from '../directory/types.ts';
import type { TokenGrant } from './access-token.ts';
import { toResult } from './sign-in-account.ts';

const ACTIVE_FIELDS = {
  id: true,
  domainId: true,
  address: true,
  suspendedAt: true,
  deletedAt: true,
  domain: { select: { suspendedAt: true, deletedAt: true } },
} as const;

export async function findGrantedAccount(db: Database, grant: TokenGrant, now: Date): Promise<AuthenticationResult> {
  const session = await db.webSession.findUnique({
    where: { id: grant.sessionId },
    select: { accountId: true, expiresAt: true, revokedAt: true, account: { select: ACTIVE_FIELDS } },
  });
  if (session?.accountId !== BigInt(grant.accountId) || !session.account) return { ok: false, reason: 'wrong' };
  const { account } = session;
  if (session.revokedAt !== null || session.expiresAt <= now) return { ok: false, reason: 'expired' };
  if (account.deletedAt !== null || account.domain.deletedAt !== null) return { ok: false, reason: 'wrong' };
  if (account.suspendedAt !== null || account.domain.suspendedAt !== null) return { ok: false, reason: 'suspended' };
  return toResult(account, { kind: 'token', sessionId: grant.sessionId });
}
