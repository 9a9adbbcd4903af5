/**
 * SEARCH TEXT and BODY: exact substrings, whatever the index can do. Indexed messages are decided in the database (trigrams narrow,
 * LIKE decides); those not yet indexed, and those of which the index has only the beginning and no match, are read.
 */
import type { Pool } from 'pg';
import { Turn } from '#engine/net/turn.ts';
import { int8Array } from '../binary-array.ts';
import { slices } from '../read/ahead.ts';
import { openMessages } from '../read/open-messages.ts';
import type { AccountId, FolderId, MessageReader, Uid } from '../types.ts';
import { contains } from './contains.ts';
import { foldCase, PART_MARK, readSearchable } from './searchable.ts';

const BATCH = 5_000;
/** Characters of one message that are looked through when it is read. */
const READ_CHARACTERS = 8 * 1024 * 1024;

const IN_PREFIX = `position($4 IN lower(encode(m.prefix, 'escape'))) > 0`;
const IN_BODY = `position($4 IN substr(s.text, position('${PART_MARK}' IN s.text) + 1)) > 0`;

function statement(where: 'text' | 'body'): { name: string; text: string } {
  return {
    name: `search-${where}`,
    text: `SELECT m.uid, coalesce(hit.found, false)${where === 'text' ? ` OR ${IN_PREFIX}` : ''} AS found,
        coalesce(known.complete, false) AS complete
      FROM message m
      LEFT JOIN LATERAL (SELECT ${where === 'body' ? IN_BODY : 'true'} AS found FROM search_text s
        WHERE s.account_id = $1 AND s.blob_id = m.blob_id AND s.text LIKE $5) AS hit ON true
      LEFT JOIN LATERAL (SELECT k.complete FROM search_text k WHERE k.account_id = $1 AND k.blob_id = m.blob_id) AS known ON true
      WHERE m.account_id = $1 AND m.folder_id = $2 AND m.uid = ANY($3::bigint[]) ORDER BY m.uid`,
  };
}

function likePattern(needle: string): string {
  return `%${needle.replace(/[\\%_]/g, '\\$&')}%`;
}

interface Needle {
  text: string;
  where: 'text' | 'body';
}

async function readMatches(reader: MessageReader, { text, where }: Needle, turn: Turn): Promise<boolean> {
  const { prefixSize } = reader;
  const read = (start: number, end: number): AsyncIterable<Buffer> =>
    reader.stream(start + prefixSize, end + prefixSize);
  const { header, body } = await readSearchable(reader.structure, read, READ_CHARACTERS);
  return (await contains(body, text, turn)) || (where === 'text' && (await contains(header, text, turn)));
}

export async function searchText(
  pool: Pool,
  accountId: AccountId,
  folderId: FolderId,
  uids: readonly Uid[],
  wanted: string,
  where: 'text' | 'body',
): Promise<Uid[]> {
  const needle = foldCase(wanted).replaceAll('\0', '');
  const turn = new Turn();
  const found: Uid[] = [];
  for (const batch of slices(uids, BATCH)) {
    const { rows } = await pool.query<{ uid: Uid; found: boolean; complete: boolean }>({
      ...statement(where),
      values: [accountId, folderId, int8Array(batch), needle, likePattern(needle)],
    });
    for (const row of rows) if (row.found) found.push(row.uid);
    const unknown = rows.filter((row) => !row.found && !row.complete).map(({ uid }) => uid);
    for await (const reader of openMessages(pool, accountId, folderId, unknown)) {
      if (await readMatches(reader, { text: needle, where }, turn)) found.push(reader.uid);
      await turn.giveWay();
    }
  }
  return found.sort((a, b) => a - b);
}
