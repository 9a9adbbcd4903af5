/**
 * The statements of one batch of admissions. Rows of `send_usage` are locked in the order of (scope, id), by everybody who locks
 * several, and before rows of the queue; a sender's hold is read and written only under its row there. The transaction does not wait
 * for the disk, or whoever counts in the same rows would: what it writes is in the log before the message it was written for, or
 * before the lease of the copies it forwarded, so it is on disk whenever those are.
 */

export const FIND_SENDERS = {
  name: 'send-senders',
  text: `SELECT a.id AS "accountId", a.domain_id AS "domainId", d.reseller_id AS "resellerId"
    FROM account a JOIN domain d ON d.id = a.domain_id WHERE a.id = ANY ($1::bigint[]) AND a.deleted_at IS NULL`,
};

/** By name: what its addresses forward counts in it. */
export const FIND_DOMAIN = {
  name: 'send-domain',
  text: `SELECT NULL::bigint AS "accountId", id AS "domainId", reseller_id AS "resellerId"
    FROM domain WHERE name = $1 AND deleted_at IS NULL`,
};

/** Outside the transaction, so that no lock is held while it waits for somebody who makes the same rows. */
export const MAKE_USAGE = {
  name: 'send-make-usage',
  text: `INSERT INTO send_usage (scope, scope_id, counted_at, buckets)
    SELECT scope, scope_id, $3, '{}' FROM unnest($1::text[], $2::bigint[]) AS w (scope, scope_id) ORDER BY scope, scope_id
    ON CONFLICT DO NOTHING`,
};

export const LOCK_USAGE = {
  name: 'send-lock-usage',
  text: `SELECT scope, scope_id AS "scopeId", counted_at AS "countedAt", buckets FROM send_usage
    WHERE (scope, scope_id) IN (SELECT * FROM unnest($1::text[], $2::bigint[]))
    ORDER BY scope, scope_id FOR NO KEY UPDATE`,
};

/** After the lock, as a statement of its own: its snapshot has what the lock's last holder committed. */
export const READ_STATE = {
  name: 'send-read-state',
  text: `SELECT
    (SELECT jsonb_agg(jsonb_build_object('scope', scope, 'scopeId', scope_id, 'messagesPerHour', messages_per_hour,
        'messagesPerDay', messages_per_day, 'recipientsPerHour', recipients_per_hour, 'recipientsPerDay', recipients_per_day,
        'firstTimePerDay', first_time_per_day))
      FROM send_limit WHERE (scope, scope_id) IN (SELECT * FROM unnest($1::text[], $2::bigint[]))) AS limits,
    (SELECT jsonb_agg(jsonb_build_object('accountId', account_id, 'forwardingDomainId', forwarding_domain_id, 'scope', scope,
        'measure', measure, 'limit', limit_value, 'heldMessages', held_messages, 'heldBytes', held_bytes))
      FROM send_hold WHERE account_id = ANY ($3::bigint[]) OR forwarding_domain_id = ANY ($4::bigint[])) AS holds,
    (SELECT array_agg(account_id || ':' || hash)
      FROM send_recipient WHERE (account_id, hash) IN (SELECT * FROM unnest($5::bigint[], $6::bigint[]))) AS known`,
};

/** $1 and $2 are rows in JSON, which carries arrays of different lengths. A recipient known before is remembered anew, once a day. */
export const WRITE = {
  name: 'send-write',
  text: `WITH usage AS (
      UPDATE send_usage u SET counted_at = v."countedAt", buckets = v.buckets
      FROM jsonb_to_recordset($1::jsonb) AS v (scope text, "scopeId" bigint, "countedAt" timestamptz, buckets jsonb)
      WHERE u.scope = v.scope AND u.scope_id = v."scopeId"),
    given AS (
      SELECT * FROM jsonb_to_recordset($2::jsonb) AS v ("accountId" bigint, "forwardingDomainId" bigint, ref text, scope text,
        measure text, "limit" int, "heldMessages" int, "heldBytes" bigint)),
    of_accounts AS (
      INSERT INTO send_hold (account_id, ref, held_at, scope, measure, limit_value, held_messages, held_bytes)
      SELECT "accountId", ref, $5, scope, measure, "limit", "heldMessages", "heldBytes" FROM given WHERE "accountId" IS NOT NULL
      ON CONFLICT (account_id) DO UPDATE SET held_messages = excluded.held_messages, held_bytes = excluded.held_bytes),
    of_domains AS (
      INSERT INTO send_hold (forwarding_domain_id, ref, held_at, scope, measure, limit_value, held_messages, held_bytes)
      SELECT "forwardingDomainId", ref, $5, scope, measure, "limit", "heldMessages", "heldBytes" FROM given
      WHERE "forwardingDomainId" IS NOT NULL
      ON CONFLICT (forwarding_domain_id) DO UPDATE SET held_messages = excluded.held_messages, held_bytes = excluded.held_bytes)
    INSERT INTO send_recipient AS r (account_id, hash, last_at)
    SELECT account_id, hash, $5 FROM unnest($3::bigint[], $4::bigint[]) AS v (account_id, hash)
    ON CONFLICT (account_id, hash) DO UPDATE SET last_at = excluded.last_at WHERE r.last_at < excluded.last_at - interval '1 day'`,
};
