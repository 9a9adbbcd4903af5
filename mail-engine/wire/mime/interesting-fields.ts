/** The header fields the scanner keeps, picked out of a header without making strings of the others. */
import { HeaderCursor } from './header-cursor.ts';
import { readRawValue } from './header-value.ts';

/** Of every entity (RFC 2045, RFC 2183, RFC 3282, RFC 2557). */
const CONTENT_FIELDS = [
  'content-type',
  'content-transfer-encoding',
  'content-id',
  'content-description',
  'content-md5',
  'content-disposition',
  'content-language',
  'content-location',
];

/** Of messages (RFC 5322 §3.6). */
const MESSAGE_FIELDS = [
  'date',
  'subject',
  'from',
  'sender',
  'reply-to',
  'to',
  'cc',
  'bcc',
  'in-reply-to',
  'message-id',
  'references',
  'received',
  'delivered-to',
];

/** Lists that old software split over several fields: their values are joined, of the others the first counts. */
const JOINED = new Set(['to', 'cc', 'bcc', 'references']);

const MAX_DELIVERED_TO = 100;

export interface InterestingFields {
  values: Map<string, string>;
  receivedCount: number;
  deliveredTo: string[];
}

function keyOf(length: number, firstCode: number): number {
  return (length << 8) | (firstCode | 0x20);
}

function indexNames(names: readonly string[]): Map<number, string[]> {
  const index = new Map<number, string[]>();
  for (const name of names) {
    const key = keyOf(name.length, name.charCodeAt(0));
    index.set(key, [...(index.get(key) ?? []), name]);
  }
  return index;
}

const CONTENT_INDEX = indexNames(CONTENT_FIELDS);
const MESSAGE_INDEX = indexNames([...CONTENT_FIELDS, ...MESSAGE_FIELDS]);

/** `isMessage`: the header is a message's, not a body part's. */
export function collectFields(header: Buffer, isMessage: boolean): InterestingFields {
  const index = isMessage ? MESSAGE_INDEX : CONTENT_INDEX;
  const found: InterestingFields = { values: new Map(), receivedCount: 0, deliveredTo: [] };
  const cursor = new HeaderCursor(header);
  while (cursor.advance()) {
    const names = index.get(keyOf(cursor.nameEnd - cursor.start, header[cursor.start] as number));
    const name = names === undefined ? undefined : matchName(header, cursor.start, cursor.nameEnd, names);
    if (name === 'received') found.receivedCount++;
    else if (name !== undefined) keep(found, name, header, cursor);
  }
  return found;
}

function matchName(header: Buffer, start: number, end: number, names: readonly string[]): string | undefined {
  const name = header.toString('latin1', start, end).toLowerCase();
  return names.includes(name) ? name : undefined;
}

function keep(found: InterestingFields, name: string, header: Buffer, cursor: HeaderCursor): void {
  const earlier = found.values.get(name);
  if (earlier !== undefined && !JOINED.has(name)) return;
  if (name === 'delivered-to') {
    if (found.deliveredTo.length < MAX_DELIVERED_TO) {
      found.deliveredTo.push(readRawValue(header, cursor.valueStart, cursor.end));
    }
    return;
  }
  const value = readRawValue(header, cursor.valueStart, cursor.end);
  const separator = name === 'references' ? ' ' : ', ';
  found.values.set(name, earlier ? `${earlier}${separator}${value}` : value);
}
