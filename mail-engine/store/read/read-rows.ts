/** What FETCH and SEARCH ask for without touching bytes. The blob is joined only for what it alone knows. */
import type { Pool } from 'pg';
import { int8Array } from '../binary-array.ts';
import type { AccountId, FolderId, MessageRow, RowField, Uid } from '../types.ts';
import { toEntry } from '../views/read-delta.ts';
import { readAhead, slices } from './ahead.ts';

const BATCH_ROWS = 500;
/** Rows with what was rendered of their messages, most of a megabyte each where strangers want it so; two batches are in memory. */
const BATCH_RENDERED = 50;

const FIELD_COLUMNS: Readonly<Record<RowField, string>> = {
  imapEnvelope: 'b.imap_envelope AS "imapEnvelope"',
  imapBody: 'b.imap_body AS "imapBody"',
  bodyStructure: 'b.body_structure AS "bodyStructure"',
  preview: 'b.preview',
};

interface Row {
  uid: Uid;
  modseq: number;
  flags: number;
  keywords: string[];
  size: number;
  internalDate: Date;
  saveDate: Date;
  blobId: number;
  threadKey: number;
  imapEnvelope?: Buffer | null;
  imapBody?: Buffer | null;
  bodyStructure?: Buffer | null;
  preview?: string | null;
}

function statement(fields: readonly RowField[]): { name: string; text: string } {
  const wanted = [...new Set(fields)].sort();
  const columns = wanted.map((field) => `, ${FIELD_COLUMNS[field]}`).join('');
  const join = wanted.length > 0 ? 'JOIN blob b ON b.id = m.blob_id' : '';
  return {
    name: `read-rows-${wanted.join('-')}`,
    text: `SELECT m.uid, m.modseq, m.flags, m.keywords, m.size, m.internal_date AS "internalDate", m.save_date AS "saveDate",
        m.blob_id AS "blobId", m.thread_key AS "threadKey"${columns}
      FROM message m ${join}
      WHERE m.account_id = $1 AND m.folder_id = $2 AND m.uid = ANY($3::bigint[]) ORDER BY m.uid`,
  };
}

function toRow(row: Row): MessageRow {
  const { size, internalDate, saveDate, blobId, imapEnvelope, imapBody, bodyStructure, preview } = row;
  return {
    ...toEntry(row.uid, row.modseq, row.flags, row.keywords),
    ...{ size, internalDate, saveDate, blobId, threadKey: String(row.threadKey) },
    ...(imapEnvelope && { imapEnvelope }),
    ...(imapBody && { imapBody }),
    ...(bodyStructure && { bodyStructure }),
    ...(typeof preview === 'string' && { preview }),
  };
}

export function readRows(
  pool: Pool,
  accountId: AccountId,
  folderId: FolderId,
  uids: readonly Uid[],
  fields: readonly RowField[],
): AsyncIterable<MessageRow> {
  const query = statement(fields);
  const rendered = fields.some((field) => field !== 'preview');
  return readAhead(slices(uids, rendered ? BATCH_RENDERED : BATCH_ROWS), async (batch) => {
    const { rows } = await pool.query<Row>({ ...query, values: [accountId, folderId, int8Array(batch)] });
    return rows.map(toRow);
  });
}
