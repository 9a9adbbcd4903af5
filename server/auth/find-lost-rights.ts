import { isIP } from 'node:net';
import type { Pool } from 'pg';
import type { AuthenticatedAccount } from '../directory/types.ts';

/** All from primary keys; a row that is gone is a right that is lost. */
const FIND_LOST = `
SELECT r.n
FROM unnest($1::bigint[], $2::int[], $3::uuid[], $5::bigint[], $6::inet[])
  WITH ORDINALITY AS r (account_id, credentials_version, session_id, app_password_id, peer, n)
LEFT JOIN (account a JOIN domain d ON d.id = a.domain_id AND d.deleted_at IS NULL AND d.suspended_at IS NULL)
  ON a.id = r.account_id AND a.deleted_at IS NULL AND a.suspended_at IS NULL
LEFT JOIN web_session s
  ON s.id = r.session_id AND s.account_id = r.account_id AND s.revoked_at IS NULL AND s.expires_at > $4
LEFT JOIN app_password p
  ON p.id = r.app_password_id AND p.account_id = r.account_id AND p.revoked_at IS NULL
  AND (p.expires_at IS NULL OR p.expires_at > $4)
  AND (p.networks = '{}' OR r.peer <<= ANY (p.networks::inet[]))
WHERE a.id IS NULL
  OR a.credentials_version <> r.credentials_version
  OR (r.credentials_version IS NOT NULL AND a.app_passwords_only)
  OR (r.session_id IS NOT NULL AND s.id IS NULL)
  OR (r.app_password_id IS NOT NULL AND p.id IS NULL)`;

/** Indexes of those that could not sign in again in the way they did. */
export async function findLostRights(
  pool: Pool,
  accounts: readonly AuthenticatedAccount[],
  at: Date,
): Promise<number[]> {
  if (accounts.length === 0) return [];
  const ids = accounts.map(({ accountId }) => accountId);
  const versions = accounts.map(({ proof }) => (proof?.kind === 'password' ? proof.credentialsVersion : null));
  const sessions = accounts.map(({ proof }) => (proof?.kind === 'token' ? proof.sessionId : null));
  const appPasswords = accounts.map(({ proof }) => (proof?.kind === 'app-password' ? proof.appPasswordId : null));
  const peers = accounts.map(({ proof }) => (proof?.kind === 'app-password' && isIP(proof.peer) ? proof.peer : null));
  const values = [ids, versions, sessions, at, appPasswords, peers];
  const query = { name: 'auth-find-lost-rights', text: FIND_LOST, values };
  const { rows } = await pool.query<{ n: number }>(query);
  return rows.map(({ n }) => n - 1);
}
