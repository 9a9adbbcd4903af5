/**
 * The statements of a batch. Each is prepared once per lane and takes whole columns as binary arrays.
 * Locking: an account's mail is changed only under its `account_usage` row, taken in ascending order of account, so that no two
 * transactions wait for each other; folder rows need no order below it.
 */

const LOCK = `SELECT u.account_id AS "accountId", u.size_bytes AS "usedBytes", a.quota_bytes AS "quotaBytes",
    a.deleted_at IS NOT NULL AS deleted
  FROM account_usage u JOIN account a ON a.id = u.account_id
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
    FROM unnest($1::bigint[], $2::bigint[], $3::int[], $4::bytea[], $5::bytea[], $6::bytea[], $7::bytea[], $8::text[],
      $9::text[], $10::bigint[]) AS v (id, size, head_size, sha256, imap_envelope, imap_body, body_structure, structure,
      preview, thread_key)
    WHERE b.id = v.id AND NOT b.ready AND v.size = (SELECT sum(length(c.data)) FROM blob_chunk c WHERE c.blob_id = b.id)
    RETURNING b.id`,
};

/**
 * Everything of a batch but its queue rows in one statement: foreign keys are checked at its end, so the order of its parts does not
 * matter, and one statement costs PostgreSQL and the wire less than six.
 */
export const WRITE_BATCH = {
  name: 'batch-write',
  text: `WITH blobs AS (
      INSERT INTO blob (id, size, head_size, sha256, imap_envelope, imap_body, body_structure, structure, preview, thread_key)
      SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::int[], $4::bytea[], $5::bytea[], $6::bytea[], $7::bytea[], $8::text[],
        $9::text[], $10::bigint[])),
    chunks AS (
      INSERT INTO blob_chunk (blob_id, seq, data) SELECT * FROM unnest($11::bigint[], $12::int[], $13::bytea[])),
    folders AS (
      UPDATE folder f SET uid_next = v.uid_next, highest_modseq = v.modseq, "exists" = f."exists" + v.added,
        unseen = f.unseen + v.unseen, size = f.size + v.bytes
      FROM unnest($14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[], $20::bigint[])
        AS v (account_id, id, uid_next, modseq, added, unseen, bytes)
      WHERE f.account_id = v.account_id AND f.id = v.id),
    messages AS (
      INSERT INTO message (account_id, folder_id, uid, blob_id, modseq, prefix, size, flags, keywords, internal_date, save_date,
        thread_key)
      SELECT account_id, folder_id, uid, blob_id, modseq, prefix, size, flags, keywords::text[], internal_date, now(), thread_key
      FROM unnest($21::bigint[], $22::bigint[], $23::bigint[], $24::bigint[], $25::bigint[], $26::bytea[], $27::bigint[],
        $28::smallint[], $29::text[], $30::timestamptz[], $31::bigint[])
        AS v (account_id, folder_id, uid, blob_id, modseq, prefix, size, flags, keywords, internal_date, thread_key)),
    usage AS (
      UPDATE account_usage u SET size_bytes = u.size_bytes + v.bytes, messages = u.messages + v.messages
      FROM unnest($32::bigint[], $33::bigint[], $34::bigint[]) AS v (account_id, bytes, messages) WHERE u.account_id = v.account_id)
    INSERT INTO trace (kind, ref, account_id, domain_id, sender, recipient, peer, detail)
    SELECT * FROM unnest($35::text[], $36::text[], $37::bigint[], $38::bigint[], $39::text[], $40::text[], $41::text[],
      $42::text[])`,
};

export const WRITE_QUEUE = {
  name: 'batch-write-queue',
  text: `WITH messages AS (
      INSERT INTO queue_message (id, blob_id, prefix, size, sender, env_id, ret, smtp_utf8, eight_bit, account_id, ref, expires_at,
        not_before, require_tls)
      SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bytea[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::bool[],
        $9::bool[], $10::bigint[], $11::text[], $12::timestamptz[], $13::timestamptz[], $14::bool[]))
    INSERT INTO queue_entry (message_id, recipient, destination, notify, orcpt, next_attempt_at, hold_reason, state)
    SELECT message_id, recipient, destination, notify, orcpt, coalesce(not_before, now()), hold_reason,
      CASE WHEN hold_reason IS NULL THEN 'waiting' ELSE 'held' END::queue_state
    FROM unnest($15::bigint[], $16::text[], $17::text[], $18::text[], $19::text[], $20::timestamptz[], $21::text[])
      AS v (message_id, recipient, destination, notify, orcpt, not_before, hold_reason)`,
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
      FROM unnest($14::bigint[], $15::bigint[], $16::bigint[]) AS v (account_id, bytes, messages)
      JOIN account_usage u ON u.account_id = v.account_id JOIN account a ON a.id = v.account_id
      WHERE a.deleted_at IS NULL AND (a.quota_bytes = 0 OR u.size_bytes + v.bytes <= a.quota_bytes)
      ORDER BY u.account_id FOR NO KEY UPDATE OF u SKIP LOCKED),
    verdict AS MATERIALIZED (SELECT count(*) = cardinality($14::bigint[]) AS ok FROM locked),
    usage AS (
      UPDATE account_usage u SET size_bytes = u.size_bytes + v.bytes, messages = u.messages + v.messages
      FROM locked v WHERE (SELECT ok FROM verdict) AND u.account_id = v.account_id),
    folders AS (
      UPDATE folder f SET uid_next = f.uid_next + v.added, highest_modseq = f.highest_modseq + 1, "exists" = f."exists" + v.added,
        unseen = f.unseen + v.unseen, size = f.size + v.bytes
      FROM unnest($17::int[], $18::bigint[], $19::text[], $20::bigint[], $21::bigint[], $22::bigint[])
        AS v (at, account_id, name, added, unseen, bytes)
      WHERE (SELECT ok FROM verdict) AND f.account_id = v.account_id AND f.name = v.name
      RETURNING v.at, f.id, f.uid_validity, f.uid_next - v.added AS first_uid, f.highest_modseq AS modseq),
    numbered AS MATERIALIZED (
      SELECT array_agg(id ORDER BY at) AS ids, array_agg(uid_validity ORDER BY at) AS uid_validities,
        array_agg(first_uid ORDER BY at) AS first_uids, array_agg(modseq ORDER BY at) AS modseqs, count(*) AS folders
      FROM folders),
    blobs AS (
      INSERT INTO blob (id, size, head_size, sha256, imap_envelope, imap_body, body_structure, structure, preview, thread_key)
      SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::int[], $4::bytea[], $5::bytea[], $6::bytea[], $7::bytea[], $8::text[],
        $9::text[], $10::bigint[]) WHERE (SELECT ok FROM verdict)),
    chunks AS (
      INSERT INTO blob_chunk (blob_id, seq, data)
      SELECT * FROM unnest($11::bigint[], $12::int[], $13::bytea[]) WHERE (SELECT ok FROM verdict)),
    messages AS (
      INSERT INTO message (account_id, folder_id, uid, blob_id, modseq, prefix, size, flags, keywords, internal_date, save_date,
        thread_key)
      SELECT v.account_id, n.ids[v.at], n.first_uids[v.at] + v.nth, v.blob_id, n.modseqs[v.at], v.prefix, v.size, v.flags,
        v.keywords::text[], v.internal_date, now(), v.thread_key
      FROM numbered n, unnest($23::int[], $24::bigint[], $25::bigint[], $26::bigint[], $27::bytea[], $28::bigint[], $29::smallint[],
        $30::text[], $31::timestamptz[], $32::bigint[])
        AS v (at, account_id, nth, blob_id, prefix, size, flags, keywords, internal_date, thread_key)
      WHERE (SELECT ok FROM verdict)),
    traces AS (
      INSERT INTO trace (kind, ref, account_id, domain_id, sender, recipient, peer, detail)
      SELECT * FROM unnest($33::text[], $34::text[], $35::bigint[], $36::bigint[], $37::text[], $38::text[], $39::text[],
        $40::text[])
      WHERE (SELECT ok FROM verdict))
    SELECT ok, CASE WHEN ok AND folders <> cardinality($17::int[]) THEN fail_batch('a folder is missing') END,
      ids, uid_validities, first_uids, modseqs
    FROM verdict, numbered`,
};
