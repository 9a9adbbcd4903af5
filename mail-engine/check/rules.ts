/**
 * The store's invariants as statements: each finds the rows that break one, and where the truth can be derived from other rows, how to
 * repair it. Repairs are written so that they repeat the finding's condition: what was right meanwhile is left alone.
 */

export interface Rule {
  name: string;
  /** Rows of `{ subject }`: what is wrong, as ids, never content. */
  find: string;
  /** Absent where nothing can be derived: the finding is reported only. */
  repair?: string;
}

const FOLDER_TRUTH = `SELECT f.account_id, f.id, count(m.uid) AS messages, count(m.uid) FILTER (WHERE m.flags & 1 = 0) AS unseen,
    coalesce(sum(m.size), 0)::bigint AS bytes, coalesce(max(m.uid), 0) AS max_uid, coalesce(max(m.modseq), 0) AS max_modseq
  FROM folder f LEFT JOIN message m ON m.account_id = f.account_id AND m.folder_id = f.id GROUP BY f.account_id, f.id`;
const USAGE_TRUTH = `SELECT u.account_id, count(m.uid) AS messages, coalesce(sum(m.size), 0)::bigint AS bytes
  FROM account_usage u LEFT JOIN message m ON m.account_id = u.account_id GROUP BY u.account_id`;
const FOLDER_SUBJECT = `'account ' || f.account_id || ' folder ' || f.id`;
const UNREFERRED = `b.ready AND b.created_at < now() - interval '1 day'
  AND NOT EXISTS (SELECT 1 FROM message m WHERE m.blob_id = b.id)
  AND NOT EXISTS (SELECT 1 FROM queue_message q WHERE q.blob_id = b.id)
  AND NOT EXISTS (SELECT 1 FROM released_blob r WHERE r.blob_id = b.id AND r.at > now() - interval '1 day')`;
const CHUNK_SUM = `(SELECT coalesce(sum(length(c.data)), 0) FROM blob_chunk c WHERE c.blob_id = b.id)`;

export const RULES: readonly Rule[] = [
  {
    name: 'every uid is below its folder’s uid_next',
    find: `SELECT ${FOLDER_SUBJECT} AS subject FROM folder f JOIN (${FOLDER_TRUTH}) t USING (account_id, id) WHERE t.max_uid >= f.uid_next`,
    repair: `UPDATE folder f SET uid_next = t.max_uid + 1 FROM (${FOLDER_TRUTH}) t
      WHERE t.account_id = f.account_id AND t.id = f.id AND t.max_uid >= f.uid_next`,
  },
  {
    name: 'every modseq is at most its folder’s highest_modseq',
    find: `SELECT ${FOLDER_SUBJECT} AS subject FROM folder f JOIN (${FOLDER_TRUTH}) t USING (account_id, id)
      WHERE t.max_modseq > f.highest_modseq`,
    repair: `UPDATE folder f SET highest_modseq = t.max_modseq FROM (${FOLDER_TRUTH}) t
      WHERE t.account_id = f.account_id AND t.id = f.id AND t.max_modseq > f.highest_modseq`,
  },
  {
    name: 'a folder’s counters are those of its messages',
    find: `SELECT ${FOLDER_SUBJECT} AS subject FROM folder f JOIN (${FOLDER_TRUTH}) t USING (account_id, id)
      WHERE (f."exists", f.unseen, f.size) <> (t.messages, t.unseen, t.bytes)`,
    repair: `UPDATE folder f SET "exists" = t.messages, unseen = t.unseen, size = t.bytes FROM (${FOLDER_TRUTH}) t
      WHERE t.account_id = f.account_id AND t.id = f.id AND (f."exists", f.unseen, f.size) <> (t.messages, t.unseen, t.bytes)`,
  },
  {
    name: 'an account’s usage is that of its messages',
    find: `SELECT 'account ' || u.account_id AS subject FROM account_usage u JOIN (${USAGE_TRUTH}) t USING (account_id)
      WHERE (u.messages, u.size_bytes) <> (t.messages, t.bytes)`,
    repair: `UPDATE account_usage u SET messages = t.messages, size_bytes = t.bytes FROM (${USAGE_TRUTH}) t
      WHERE t.account_id = u.account_id AND (u.messages, u.size_bytes) <> (t.messages, t.bytes)`,
  },
  {
    name: 'no account that has folders is without usage',
    find: `SELECT DISTINCT 'account ' || f.account_id AS subject FROM folder f
      WHERE NOT EXISTS (SELECT 1 FROM account_usage u WHERE u.account_id = f.account_id)`,
    repair: `INSERT INTO account_usage (account_id, messages, size_bytes)
      SELECT f.account_id, sum(f."exists"), sum(f.size) FROM folder f
      WHERE NOT EXISTS (SELECT 1 FROM account_usage u WHERE u.account_id = f.account_id) GROUP BY f.account_id ON CONFLICT DO NOTHING`,
  },
  {
    name: 'every message is in a folder',
    find: `SELECT 'account ' || m.account_id || ' folder ' || m.folder_id || ' uid ' || m.uid AS subject FROM message m
      WHERE NOT EXISTS (SELECT 1 FROM folder f WHERE f.account_id = m.account_id AND f.id = m.folder_id)`,
  },
  {
    name: 'every message has its bytes',
    find: `SELECT 'account ' || m.account_id || ' folder ' || m.folder_id || ' uid ' || m.uid AS subject FROM message m
      WHERE NOT EXISTS (SELECT 1 FROM blob b WHERE b.id = m.blob_id AND b.ready)`,
  },
  {
    name: 'a message’s size is its prefix and its bytes',
    find: `SELECT 'account ' || m.account_id || ' folder ' || m.folder_id || ' uid ' || m.uid AS subject
      FROM message m JOIN blob b ON b.id = m.blob_id WHERE m.size <> length(m.prefix) + b.size`,
    repair: `UPDATE message m SET size = length(m.prefix) + b.size FROM blob b
      WHERE b.id = m.blob_id AND m.size <> length(m.prefix) + b.size`,
  },
  {
    name: 'no uid is both there and removed',
    find: `SELECT 'account ' || e.account_id || ' folder ' || e.folder_id || ' uid ' || e.uid AS subject
      FROM expunged e JOIN message m USING (account_id, folder_id, uid)`,
    repair: `DELETE FROM expunged e USING message m
      WHERE (m.account_id, m.folder_id, m.uid) = (e.account_id, e.folder_id, e.uid)`,
  },
  {
    name: 'a blob’s chunks are as many bytes as it says, without a gap',
    find: `SELECT 'blob ' || b.id AS subject FROM blob b WHERE b.ready AND (${CHUNK_SUM} <> b.size
      OR (SELECT count(*) <> coalesce(max(c.seq) + 1, 0) FROM blob_chunk c WHERE c.blob_id = b.id))`,
  },
  {
    name: 'every chunk has its blob',
    find: `SELECT 'blob ' || c.blob_id AS subject FROM blob_chunk c WHERE NOT EXISTS (SELECT 1 FROM blob b WHERE b.id = c.blob_id)`,
    repair: `DELETE FROM blob_chunk c WHERE NOT EXISTS (SELECT 1 FROM blob b WHERE b.id = c.blob_id)`,
  },
  {
    name: 'every queued message has its bytes',
    find: `SELECT 'queue message ' || q.id AS subject FROM queue_message q
      WHERE NOT EXISTS (SELECT 1 FROM blob b WHERE b.id = q.blob_id AND b.ready)`,
  },
  {
    name: 'every queue entry has its message',
    find: `SELECT 'queue entry ' || e.id AS subject FROM queue_entry e
      WHERE NOT EXISTS (SELECT 1 FROM queue_message q WHERE q.id = e.message_id)`,
  },
  {
    name: 'no blob without a referrer is older than a day',
    find: `SELECT 'blob ' || b.id AS subject FROM blob b WHERE ${UNREFERRED}`,
    repair: `INSERT INTO released_blob (blob_id, at) SELECT b.id, now() - interval '1 hour' FROM blob b WHERE ${UNREFERRED}`,
  },
  {
    name: 'no pending blob is older than a day',
    find: `SELECT 'blob ' || b.id AS subject FROM blob b WHERE NOT b.ready AND b.created_at < now() - interval '1 day'`,
    repair: `DELETE FROM blob b WHERE NOT b.ready AND b.created_at < now() - interval '1 day'`,
  },
  {
    name: 'uid_validity is not above what the account has given',
    find: `SELECT 'account ' || f.account_id || ' folder ' || f.id AS subject FROM folder f JOIN account_usage u USING (account_id)
      WHERE f.uid_validity > u.uid_validity`,
    repair: `UPDATE account_usage u SET uid_validity = t.top
      FROM (SELECT account_id, max(uid_validity) AS top FROM folder GROUP BY account_id) t
      WHERE t.account_id = u.account_id AND t.top > u.uid_validity`,
  },
];

/** Reads every byte. */
export const DEEP_RULES: readonly Rule[] = [
  {
    name: 'a blob’s bytes have the hash they came with',
    find: `SELECT 'blob ' || b.id AS subject FROM blob b WHERE b.ready AND b.sha256 IS NOT NULL AND b.sha256 IS DISTINCT FROM
      sha256((SELECT coalesce(string_agg(c.data, ''::bytea ORDER BY c.seq), ''::bytea) FROM blob_chunk c WHERE c.blob_id = b.id))`,
  },
];
