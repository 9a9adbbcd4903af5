/** What the engine reads of certificates: which names there are, and one with its key when a client asks for it. */
import type { Pool } from 'pg';
import { openKey } from './seal-key.ts';

export interface NamedCertificate {
  id: string;
  /** Of the host: only these may stand in for its own name. */
  isHosts: boolean;
}

export interface CertificateWithKey {
  cert: string;
  key: string;
}

/** Of several for a name the last in this order counts: one that is valid, then the host's own, then the newest. */
const NAMES = `SELECT c.id::text, c.domain_id IS NULL AS hosts, unnest(c.names) AS name
  FROM certificate c LEFT JOIN domain d ON d.id = c.domain_id
  WHERE d.deleted_at IS NULL ORDER BY c.not_after > now(), c.domain_id IS NULL, c.id`;
const ONE = 'SELECT chain_pem, sealed_key, fingerprint FROM certificate WHERE id = $1';

/** Name, perhaps `*.…` → certificate. */
export async function loadCertificateNames(pool: Pool): Promise<Map<string, NamedCertificate>> {
  const { rows } = await pool.query<{ id: string; hosts: boolean; name: string }>(NAMES);
  return new Map(rows.map(({ id, hosts, name }) => [name, { id, isHosts: hosts }]));
}

/** Undefined where it is gone; throws where its key cannot be opened with this secret. */
export async function loadCertificate(pool: Pool, secret: string, id: string): Promise<CertificateWithKey | undefined> {
  const { rows } = await pool.query<{ chain_pem: string; sealed_key: Buffer; fingerprint: string }>(ONE, [id]);
  const [row] = rows;
  return row && { cert: row.chain_pem, key: openKey(secret, row.fingerprint, row.sealed_key) };
}
