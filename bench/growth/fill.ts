/**
 * Fills a database as years of use would: domains, accounts with their folders, and messages with their bytes, trace and search text, so
 * that `mailstead check` finds nothing. Rows are made inside the database out of a few hundred letters; triggers and foreign keys rest
 * meanwhile, for the check looks at what they would.
 */
import { Client } from 'pg';
import { hashPassword } from '#server/auth/password.ts';
import { type Letter, writeLetters } from './letters.ts';

export interface Size {
  domains: number;
  accounts: number;
  messages: number;
  /** Of these so many are the reader's. */
  readerMessages: number;
}

export const READER = { user: 'u0@d0.growth.example', password: 'growth-harbour-lantern-51' };
const LETTERS = 500;

const ADD_LETTER = `INSERT INTO letter (place, bytes, size, head_size, sha256, imap_envelope, imap_body, body_structure, structure, preview,
  thread_key, search_text) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`;

const MAKE_LETTERS = `CREATE UNLOGGED TABLE letter (place int PRIMARY KEY, bytes bytea, size bigint, head_size int, sha256 bytea,
  imap_envelope bytea, imap_body bytea, body_structure bytea, structure text, preview text, thread_key bigint, search_text text)`;

/** Account and domain numbers begin behind those that are there. */
const PEOPLE = [
  `CREATE UNLOGGED TABLE grown AS SELECT
     (SELECT coalesce(max(id), 0) FROM domain) AS domains, (SELECT coalesce(max(id), 0) FROM account) AS accounts,
     (SELECT coalesce(max(id), 0) FROM address) AS addresses, (SELECT coalesce(max(id), 0) FROM blob) AS blobs`,
  `INSERT INTO domain (id, name) SELECT domains + 1 + n, 'd' || n || '.growth.example' FROM grown, generate_series(0, $1 - 1) AS n`,
  `INSERT INTO account (id, domain_id, local_part, address, password_hash)
   SELECT accounts + 1 + n, domains + 1 + n % $1, 'u' || n / $1, 'u' || n / $1 || '@d' || n % $1 || '.growth.example', $3
   FROM grown, generate_series(0, $2 - 1) AS n`,
  `INSERT INTO address (id, domain_id, local_part, kind)
   SELECT addresses + 1 + n, domains + 1 + n % $1, 'u' || n / $1, 'account' FROM grown, generate_series(0, $2 - 1) AS n`,
  `INSERT INTO address_target (address_id, account_id) SELECT addresses + 1 + n, accounts + 1 + n
   FROM grown, generate_series(0, $2 - 1) AS n`,
  `INSERT INTO folder (account_id, name, uid_validity, special_use)
   SELECT accounts + 1 + n, f.name, 1700000000 + f.place, f.special_use FROM grown, generate_series(0, $2 - 1) AS n,
     (VALUES (1, 'INBOX', NULL), (2, 'Drafts', '\\Drafts'), (3, 'Sent', '\\Sent'), (4, 'Junk', '\\Junk'), (5, 'Trash', '\\Trash'),
       (6, 'Archive', '\\Archive')) AS f (place, name, special_use)`,
  `INSERT INTO account_usage (account_id, uid_validity) SELECT accounts + 1 + n, 1700000006 FROM grown, generate_series(0, $2 - 1) AS n`,
];

/** Message n goes to the reader where it is one of every so many, else to the others in turn. */
const MESSAGES = [
  `INSERT INTO blob (id, size, head_size, sha256, imap_envelope, imap_body, body_structure, structure, preview, thread_key, indexed_at,
     created_at)
   SELECT blobs + 1 + n, l.size, l.head_size, l.sha256, l.imap_envelope, l.imap_body, l.body_structure, l.structure, l.preview,
     l.thread_key, now(), now() - interval '20 days'
   FROM grown, generate_series(0, $3 - 1) AS n JOIN letter l ON l.place = n % ${LETTERS}`,
  `INSERT INTO blob_chunk (blob_id, seq, data) SELECT blobs + 1 + n, 0, l.bytes
   FROM grown, generate_series(0, $3 - 1) AS n JOIN letter l ON l.place = n % ${LETTERS}`,
  `INSERT INTO message (account_id, folder_id, uid, blob_id, modseq, prefix, size, flags, internal_date, save_date, thread_key)
   SELECT m.account_id, f.id, m.uid, m.blob_id, m.uid + 1, m.prefix, m.size + length(m.prefix), m.uid % 2,
     now() - interval '20 days', now() - interval '20 days', m.thread_key
   FROM (SELECT g.*, row_number() OVER (PARTITION BY account_id ORDER BY n) AS uid FROM (
     SELECT n, blobs + 1 + n AS blob_id, l.size, l.thread_key,
       accounts + 1 + CASE WHEN n % ($3 / $4) = 0 THEN 0 ELSE 1 + n % ($2 - 1) END AS account_id,
       convert_to('Return-Path: <writer@far.example>' || E'\\r\\n' || 'Received: from far.example (192.0.2.1) by mx.growth.example with '
         || 'ESMTPS id ' || n || '; Mon, 23 Nov 2026 08:00:00 +0000' || E'\\r\\n', 'UTF8') AS prefix
     FROM grown, generate_series(0, $3 - 1) AS n JOIN letter l ON l.place = n % ${LETTERS}) AS g) AS m
   JOIN folder f ON f.account_id = m.account_id AND f.name = 'INBOX'`,
  `UPDATE folder f SET uid_next = t.n + 1, highest_modseq = t.n + 1, "exists" = t.n, unseen = t.unseen, size = t.bytes
   FROM (SELECT account_id, folder_id, count(*) AS n, count(*) FILTER (WHERE flags & 1 = 0) AS unseen, sum(size)::bigint AS bytes
     FROM message GROUP BY account_id, folder_id) AS t WHERE (f.account_id, f.id) = (t.account_id, t.folder_id)`,
  `UPDATE account_usage u SET messages = f."exists", size_bytes = f.size FROM folder f WHERE f.account_id = u.account_id AND f.name = 'INBOX'`,
  `INSERT INTO trace (at, kind, ref, account_id, domain_id, sender, recipient, peer)
   SELECT now() - interval '1 day' - n * interval '2 seconds', 'stored', 'growth-' || n, NULL, NULL, 'writer@far.example',
     'reader@growth.example', '192.0.2.1' FROM generate_series(0, $3 - 1) AS n`,
  `INSERT INTO search_text (account_id, blob_id, text, complete) SELECT m.account_id, m.blob_id, l.search_text, true
   FROM grown, message m JOIN letter l ON l.place = (m.blob_id - 1 - (SELECT blobs FROM grown)) % ${LETTERS}`,
];

/** Numbers given by hand are unknown to the sequences. */
const FINISH = [
  ...['domain', 'account', 'address', 'blob'].map(
    (table) => `SELECT setval(pg_get_serial_sequence('${table}', 'id'), (SELECT max(id) FROM ${table}))`,
  ),
  'DROP TABLE letter, grown',
];

async function addLetter(client: Client, number: number, { bytes, facts, searchText }: Letter): Promise<void> {
  const { size, headSize, sha256, imapEnvelope, imapBody, bodyStructure, structure, preview, threadKey } = facts;
  const rendered = [imapEnvelope, imapBody, bodyStructure].map((text) => Buffer.from(text));
  const learnt = [size, headSize, sha256, ...rendered, structure, preview, threadKey];
  await client.query(ADD_LETTER, [number, bytes, ...learnt, searchText]);
}

/** A statement may use any of $1 to $4 (domains, accounts, messages, the reader's); unused ones would have no type. */
async function run(client: Client, statement: string, values: readonly (number | string)[]): Promise<void> {
  await client.query(
    statement.replace(/\$(\d)/g, (_, place: string) => {
      const value = values[Number(place) - 1];
      return typeof value === 'number' ? String(value) : client.escapeLiteral(value ?? '');
    }),
  );
}

/** An index is made faster in one go than row by row. */
async function withoutIndex(client: Client, index: string, fill: () => Promise<void>): Promise<void> {
  const { rows } = await client.query<{ definition: string }>('SELECT pg_get_indexdef($1::regclass) AS definition', [
    index,
  ]);
  await client.query(`DROP INDEX ${index}`);
  await fill();
  await client.query(rows[0]?.definition ?? '');
}

export async function fillDatabase(url: string, size: Size, say: (line: string) => void): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      `SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '1GB'; SET work_mem = '256MB'`,
    );
    await client.query(MAKE_LETTERS);
    for (const [number, letter] of (await writeLetters(LETTERS)).entries()) await addLetter(client, number, letter);
    const { domains, accounts, messages, readerMessages } = size;
    for (const statement of PEOPLE)
      await run(client, statement, [domains, accounts, await hashPassword(READER.password)]);
    say(`${accounts} accounts in ${domains} domains`);
    await withoutIndex(client, 'search_text_trigram_idx', async () => {
      for (const statement of MESSAGES) await run(client, statement, [domains, accounts, messages, readerMessages]);
      say(`${messages} messages`);
    });
    for (const statement of FINISH) await client.query(statement);
    await client.query('VACUUM ANALYZE');
    await client.query('CHECKPOINT');
  } finally {
    await client.end();
  }
}
