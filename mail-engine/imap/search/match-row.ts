/** Search keys that need a message's row: sizes, dates, object ids. One pass over the rows each, nothing kept. */
import type { MessageRow } from '#engine/store/types.ts';
import { dayOf, dayOfDateField } from '#engine/wire/imap/date.ts';
import type { DateRelation, SearchKey } from '#engine/wire/imap/search-key.ts';
import { formatEmailId, formatThreadId } from '../object-id.ts';
import type { SearchContext } from './evaluate.ts';

export type RowKey = Extract<SearchKey, { kind: 'size' | 'date' | 'within' | 'email-id' | 'thread-id' }>;

/** The first member of a rendered ENVELOPE: the Date field. */
const ENVELOPE_DATE = /^\((?:"((?:[^"\\]|\\.)*)"|\{\d+\}\r\n([^\r\n"]*))/;
const ENVELOPE_START = 200;

function sentDay(row: MessageRow): number | undefined {
  const match = ENVELOPE_DATE.exec(row.imapEnvelope?.toString('latin1', 0, ENVELOPE_START) ?? '');
  return match ? dayOfDateField(match[1] ?? match[2] ?? '') : undefined;
}

function compareDay(day: number | undefined, relation: DateRelation, wanted: number): boolean {
  if (day === undefined) return false;
  if (relation === 'on') return day === wanted;
  return relation === 'before' ? day < wanted : day >= wanted;
}

function dayOfKey(key: Extract<RowKey, { kind: 'date' }>, row: MessageRow): number | undefined {
  if (key.field === 'sent') return sentDay(row);
  return dayOf(key.field === 'saved' ? row.saveDate : row.internalDate);
}

function matches(key: RowKey, row: MessageRow, now: Date): boolean {
  switch (key.kind) {
    case 'size':
      return key.relation === 'larger' ? row.size > key.bytes : row.size < key.bytes;
    case 'date':
      return compareDay(dayOfKey(key, row), key.relation, key.day);
    case 'within': {
      const ageSeconds = (now.getTime() - row.internalDate.getTime()) / 1000;
      return key.relation === 'older' ? ageSeconds >= key.seconds : ageSeconds <= key.seconds;
    }
    case 'email-id':
      return formatEmailId(row.blobId) === key.id;
    case 'thread-id':
      return row.threadKey !== '0' && formatThreadId(row.threadKey) === key.id;
  }
}

export async function matchByRow(
  { session, selected, now }: SearchContext,
  key: RowKey,
  uids: readonly number[],
): Promise<number[]> {
  const { accountId, id } = selected.view.folder;
  const needsEnvelope = key.kind === 'date' && key.field === 'sent';
  const found: number[] = [];
  for await (const row of session.deps.store.readRows(accountId, id, uids, needsEnvelope ? ['imapEnvelope'] : [])) {
    if (matches(key, row, now)) found.push(row.uid);
  }
  return found;
}
