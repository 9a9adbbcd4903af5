/** What a responder says, and whom it said it to. */
import type { Pool } from 'pg';

interface Responder {
  localPart: string;
  domain: string;
  subject: string;
  body: string;
  intervalDays: number;
}

const LOAD = `
SELECT ad.local_part AS "localPart", d.name AS domain, r.subject, r.body, r.interval_days AS "intervalDays"
FROM responder r JOIN address ad ON ad.id = r.address_id JOIN domain d ON d.id = ad.domain_id
WHERE r.address_id = $1`;

/** Undefined where it has just been deleted. */
export async function loadResponder(pool: Pool, addressId: number): Promise<Responder | undefined> {
  const { rows } = await pool.query<Responder>(LOAD, [addressId]);
  return rows[0];
}

/** Mail under forged senders makes no more answers than this. */
const MAX_ANSWERS_A_DAY = 1_000;

/** A sender answered within the interval is not answered again, but for the same answer tried a second time. */
const CLAIM = `
INSERT INTO responder_reply (address_id, sender, at, ref)
SELECT $1, $2, $3, $4
WHERE EXISTS (SELECT FROM responder_reply WHERE address_id = $1 AND sender = $2 AND ref = $4)
  OR (SELECT count(*) FROM (SELECT FROM responder_reply WHERE address_id = $1 AND at > $3::timestamptz - interval '1 day'
    LIMIT ${MAX_ANSWERS_A_DAY}) recent) < ${MAX_ANSWERS_A_DAY}
ON CONFLICT (address_id, sender) DO UPDATE SET at = EXCLUDED.at, ref = EXCLUDED.ref
WHERE responder_reply.at <= $3::timestamptz - make_interval(days => $5::int) OR responder_reply.ref = EXCLUDED.ref`;

interface Claim {
  addressId: number;
  sender: string;
  at: Date;
  ref: string;
  intervalDays: number;
}

/** True where the sender is to be answered now, under `ref`. */
export async function claimAnswer(pool: Pool, claim: Claim): Promise<boolean> {
  const { addressId, sender, at, ref, intervalDays } = claim;
  const { rowCount } = await pool.query(CLAIM, [addressId, sender, at, ref, intervalDays]);
  return rowCount !== 0;
}
