/**
 * A successful sign-in to POP3 or IMAP opens relaying for the client's address: where the account's domain wants it, the account
 * may, and the account's own password was given. Never for loopback, for proxies and machines of our own (whose address is not the
 * client's), for webmail's tokens or for app passwords, whose scope does not go that far.
 *
 * What is open for a while yet is left alone, so a program that asks for mail every minute writes once in `REFRESH_MS`.
 * Never rejects: a sign-in does not fail by it.
 */
import type { Pool } from 'pg';
import type { AuthenticatedAccount } from '../../directory/types.ts';
import { createNetworkSet } from '../../input/network.ts';
import { logger } from '../../logger.ts';
import type { LiveAccessPolicy } from '../policy/create-access-policy.ts';

const log = logger('access');
const REFRESH_MS = 5 * 60_000;

const LOOPBACK = createNetworkSet(['127.0.0.0/8', '::1']);

/** The account's row decides once more: what memory knows of the domain may be a moment old. */
const OPEN = `
INSERT INTO relay_opening (address, account_id, credentials_version, service, opened_at, expires_at)
SELECT $1::inet, a.id, a.credentials_version, $3, $4, $5
FROM account a JOIN domain d ON d.id = a.domain_id
WHERE a.id = $2 AND a.credentials_version = $6 AND NOT a.no_relay AND d.pop_before_smtp
ON CONFLICT (address, account_id) DO UPDATE
SET credentials_version = EXCLUDED.credentials_version, service = EXCLUDED.service, expires_at = EXCLUDED.expires_at,
  opened_at = CASE WHEN relay_opening.expires_at > EXCLUDED.opened_at THEN relay_opening.opened_at ELSE EXCLUDED.opened_at END`;

export interface RelayGate {
  /** Call after every successful sign-in, before it is answered. */
  noteSignIn(account: AuthenticatedAccount, peer: string, service: 'imap' | 'pop3'): Promise<void>;
}

export interface RelayGateOptions {
  pool: Pool;
  policy: Pick<LiveAccessPolicy, 'wantsOpening' | 'openUntil'>;
  /** `notClients`: proxies, and machines of our own such as webmail's. */
  settings: () => { minutes: number; notClients: readonly string[] };
  now: () => Date;
}

export function createRelayGate({ pool, policy, settings, now }: RelayGateOptions): RelayGate {
  const isClient = (peer: string): boolean => {
    return !LOOPBACK.has(peer) && !createNetworkSet(settings().notClients).has(peer);
  };
  return {
    noteSignIn: async ({ accountId, domainId, proof }, peer, service) => {
      if (proof?.kind !== 'password' || !policy.wantsOpening(domainId) || !isClient(peer)) return;
      const at = now();
      const until = new Date(at.getTime() + settings().minutes * 60_000);
      if (policy.openUntil(peer, accountId) > until.getTime() - REFRESH_MS) return;
      try {
        await pool.query(OPEN, [peer, accountId, service, at, until, proof.credentialsVersion]);
      } catch (error) {
        log.warn({ err: (error as Error).message, peer, accountId }, 'relaying was not opened');
      }
    },
  };
}
