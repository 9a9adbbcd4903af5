/**
 * The statements of a batch. Each is prepared once per connection and takes whole columns as binary arrays.
 * Locking: an account's mail is changed only under its `account_usage` row, taken in ascending order of account, so that no two
 * transactions wait for each other; folder rows need no order below it.
 */
import { namesOf, unnested } from './unnested.ts';

/**
 * The batch statements touch few rows, all by key: their plan is made once, and never one that reads a whole table because the table
 * was small when the plan was made.
 */
export const BATCH_PLANS =
  '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off';

const BLOB_COLUMNS = `id bigint, size bigint, head_size int, sha256 bytea, imap_envelope bytea, imap_body bytea, body_structure bytea,
  structure text, preview text, thread_key bigint`;
const CHUNK_COLUMNS = 'blob_id bigint, seq int, data bytea';
const USAGE_COLUMNS = 'account_id bigint, bytes bigint, messages bigint';
const COPY_COLUMNS = `prefix bytea, size bigint, flags smallint, keywords text, internal_date timestamptz, thread_key bigint`;
const TRACE_COLUMNS = `kind text, ref text, account_id bigint, domain_id bigint, sender text, recipient text, peer text, detail text`;

/**
 * The account's own row, found by its key whatever PostgreSQL believes of the table: joined as a table of one page it would be read
 * whole for each batch, which took a fifth of it.
 */
const accountOf = (id: string): string =>
  `LATERAL (SELECT quota_bytes, deleted_at FROM account WHERE id = ${id} OFFSET 0) a`;

const LOCK = `SELECT u.account_id AS "accountId", u.size_bytes AS "usedBytes", a.quota_bytes AS "quotaBytes",
    a.deleted_at IS NOT NULL AS deleted
  FROM account_usage u JOIN ${accountOf('u.account_id')} ON true
  WHERE u.account_id = ANY($1::bigint[]) ORDER BY u.account_id FOR NO KEY UPDATE OF u`;

/** Leaves out accounts that another transaction holds. */
export const LOCK_FREE_ACCOUNTS = { name: 'batch-lock-free', text: `${LOCK} SKIP LOCKED` };
/** Waits for them, as long as `lock_timeout` allows. */
export const LOCK_ACCOUNTS = { name: 'batch-lock', text: LOCK };

/** Runs after the lock, as a statement of its own: its snapshot has what the lock's last holder committed. */
export const READ_FOLDERS = {
  name: 'batch-read-folders',
  text: `SELECT f.account_id AS "accountId", f.id AS "folderId", f.name, f.uid_validity AS "uidValidity",
      f.uid_next AS "uidNext", f.highest_modseq AS "highestModseq"
    FROM (SELECT DISTINCT * FROM unnest($1::bigint[], $2::text[])) AS w (account_id, name)
    JOIN folder f ON f.account_id = w.account_id AND f.name = w.name`,
};

/** A crash of PostgreSQL may have taken back chunks whose commit did not wait for the disk: then the bytes are too few. */
export const FINISH_BLOBS = {
  name: 'batch-finish-blobs',
  text: `UPDATE blob b SET ready = true, created_at = now(), size = v.size, head_size = v.head_size, sha256 = v.sha256,
      imap_envelope = v.imap_envelope, imap_body = v.imap_body, body_structure = v.body_structure, structure = v.structure,
      preview = v.preview, thread_key = v.thread_key
    FROM (${unnested(1, BLOB_COLUMNS)}) v
    WHERE b.id = v.id AND NOT b.ready AND v.size = (SELECT sum(length(c.data)) FROM blob_chunk c WHERE c.blob_id = b.id)
    RETURNING b.id`,
};

/**
 * Everything of a batch but its queue rows in one statement: foreign keys are checked at its end, so the order of its parts does not
 * matter, and one statement costs PostgreSQL and the wire less than six.
 */
export const WRITE_BATCH = {
  name: 'batch-write',
  text: `WITH blobs AS (INSERT INTO blob (${namesOf(BLOB_COLUMNS)}) ${unnested(1, BLOB_COLUMNS)}),
    chunks AS (INSERT INTO blob_chunk (blob_id, seq, data) ${unnested(11, CHUNK_COLUMNS)}),
    folders AS (
      UPDATE folder f SET uid_next = v.uid_next, highest_modseq = v.modseq, "exists" = f."exists" + v.added,
        unseen = f.unseen + v.unseen, size = f.size + v.bytes
      FROM (${unnested(14, 'account_id bigint, id bigint, uid_next bigint, modseq bigint, added bigint, unseen bigint, bytes bigint')}) v
      WHERE f.account_id = v.account_id AND f.id = v.id),
    messages AS (
      INSERT INTO message (account_id, folder_id, uid, blob_id, modseq, prefix, size, flags, keywords, internal_date, save_date,
        thread_key)
      SELECT account_id, folder_id, uid, blob_id, modseq, prefix, size, flags, keywords::text[], internal_date, now(), thread_key
      FROM (${unnested(21, `account_id bigint, folder_id bigint, uid bigint, blob_id bigint, modseq bigint, ${COPY_COLUMNS}`)}) v),
    usage AS (
      UPDATE account_usage u SET size_bytes = u.size_bytes + v.bytes, messages = u.messages + v.messages
      FROM (${unnested(32, USAGE_COLUMNS)}) v WHERE u.account_id = v.account_id)
    INSERT INTO trace (${namesOf(TRACE_COLUMNS)}) ${unnested(35, TRACE_COLUMNS)}`,
};

const QUEUE_MESSAGE_COLUMNS = `id bigint, blob_id bigint, prefix bytea, size bigint, sender text, env_id text, ret text, smtp_utf8 bool,
  eight_bit bool, account_id bigint, ref text, expires_at timestamptz, not_before timestamptz, require_tls bool`;
const QUEUE_ENTRY_COLUMNS = `message_id bigint, recipient text, destination text, notify text, orcpt text, not_before timestamptz,
  hold_reason text`;

export const WRITE_QUEUE = {
  name: 'batch-write-queue',
  text: `WITH messages AS (
      INSERT INTO queue_message (id, blob_id, prefix, size, sender, env_id, ret, smtp_utf8, eight_bit, account_id, ref, expires_at,
        not_before, require_tls)
      ${unnested(1, QUEUE_MESSAGE_COLUMNS)})
    INSERT INTO queue_entry (message_id, recipient, destination, notify, orcpt, next_attempt_at, hold_reason, state)
    SELECT message_id, recipient, destination, notify, orcpt, coalesce(not_before, now()), hold_reason,
      CASE WHEN hold_reason IS NULL THEN 'waiting' ELSE 'held' END::queue_state
    FROM (${unnested(15, QUEUE_ENTRY_COLUMNS)}) v`,
};

/**
 * A batch of the plain kind in one statement: locks, uids, rows. Whatever is not plain (an account that is held, full, deleted, or lacks
 * the folder) lets nothing be written: `ok` is false. Accounts are locked before anything of theirs is read for good: `ok` hangs on the locks, and
 * the updates on `ok`. They see what a lock's last holder committed, because PostgreSQL gives an update the latest version of its row;
 * a folder that is not there any more fails the statement.
 */
export const WRITE_AT_ONCE = {
  name: 'batch-write-at-once',
  text: `WITH locked AS MATERIALIZED (
      SELECT u.account_id, v.bytes, v.messages
      FROM (${unnested(14, USAGE_COLUMNS)}) v
      JOIN ${accountOf('v.account_id')} ON a.deleted_at IS NULL
      JOIN account_usage u ON u.account_id = v.account_id
      WHERE a.quota_bytes = 0 OR u.size_bytes + v.bytes <= a.quota_bytes
      ORDER BY u.account_id FOR NO KEY UPDATE OF u SKIP LOCKED),
    verdict AS MATERIALIZED (SELECT count(*) = cardinality($14::bigint[]) AS ok FROM locked),
    usage AS (
      UPDATE account_usage u SET size_bytes = u.size_bytes + v.bytes, messages = u.messages + v.messages
      FROM locked v WHERE (SELECT ok FROM verdict) AND u.account_id = v.account_id),
    folders AS (
      UPDATE folder f SET uid_next = f.uid_next + v.added, highest_modseq = f.highest_modseq + 1, "exists" = f."exists" + v.added,
        unseen = f.unseen + v.unseen, size = f.size + v.bytes
      FROM (${unnested(17, 'at int, account_id bigint, name text, added bigint, unseen bigint, bytes bigint')}) v
      WHERE (SELECT ok FROM verdict) AND f.account_id = v.account_id AND f.name = v.name
      RETURNING v.at, f.id, f.uid_validity, f.uid_next - v.added AS first_uid, f.highest_modseq AS modseq),
    numbered AS MATERIALIZED (
      SELECT array_agg(id ORDER BY at) AS ids, array_agg(uid_validity ORDER BY at) AS uid_validities,
        array_agg(first_uid ORDER BY at) AS first_uids, array_agg(modseq ORDER BY at) AS modseqs, count(*) AS folders
      FROM folders),
    blobs AS (
      INSERT INTO blob (${namesOf(BLOB_COLUMNS)}) ${unnested(1, BLOB_COLUMNS)} WHERE (SELECT ok FROM verdict)),
    chunks AS (
      INSERT INTO blob_chunk (blob_id, seq, data) ${unnested(11, CHUNK_COLUMNS)} WHERE (SELECT ok FROM verdict)),
    messages AS (
      INSERT INTO message (account_id, folder_id, uid, blob_id, modseq, prefix, size, flags, keywords, internal_date, save_date,
        thread_key)
      SELECT v.account_id, n.ids[v.at], n.first_uids[v.at] + v.nth, v.blob_id, n.modseqs[v.at], v.prefix, v.size, v.flags,
        v.keywords::text[], v.internal_date, now(), v.thread_key
      FROM numbered n, (${unnested(23, `at int, account_id bigint, nth bigint, blob_id bigint, ${COPY_COLUMNS}`)}) v
      WHERE (SELECT ok FROM verdict)),
    traces AS (
      INSERT INTO trace (${namesOf(TRACE_COLUMNS)}) ${unnested(33, TRACE_COLUMNS)}
      WHERE (SELECT ok FROM verdict))
    SELECT ok, CASE WHEN ok AND folders <> cardinality($17::int[]) THEN fail_batch('a folder is missing') END,
      ids, uid_validities, first_uids, modseqs
    FROM verdict, numbered`,
};
