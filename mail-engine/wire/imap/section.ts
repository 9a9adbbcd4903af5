/** section and partial of FETCH (RFC 3501 §6.4.5, §9). */
import type { Cursor } from './cursor.ts';
import { formatAstring } from './format.ts';

type SectionText = 'HEADER' | 'HEADER.FIELDS' | 'HEADER.FIELDS.NOT' | 'TEXT' | 'MIME';

export interface Section {
  /** Part numbers, empty for the message itself. */
  path: readonly number[];
  /** null: the part's whole body (of the message: all of it). */
  text: SectionText | null;
  /** Of HEADER.FIELDS and HEADER.FIELDS.NOT, as the client spelt them. */
  fields: readonly string[];
}

export interface Partial {
  offset: number;
  length: number;
}

const MAX_DEPTH = 100;
const MAX_FIELDS = 200;
/** Longest first, as one is a prefix of the other. */
const TEXTS: readonly SectionText[] = ['HEADER.FIELDS.NOT', 'HEADER.FIELDS', 'HEADER', 'TEXT', 'MIME'];

function sectionText(cursor: Cursor, path: readonly number[]): SectionText {
  const text = TEXTS.find((name) => cursor.takeText(name)) ?? cursor.fail('There is no such section');
  if (text === 'MIME' && path.length === 0) cursor.fail('MIME needs a part number before it');
  return text;
}

function headerList(cursor: Cursor): string[] {
  cursor.SP();
  const fields = cursor.parenthesized(() => cursor.astring());
  if (fields.length > MAX_FIELDS) cursor.fail('Too many header fields');
  return fields;
}

/** `[…]` after BODY or BODY.PEEK. */
export function section(cursor: Cursor): Section {
  cursor.expectText('[');
  const path: number[] = [];
  while (cursor.isDigitNext()) {
    path.push(cursor.nzNumber());
    if (path.length > MAX_DEPTH) cursor.fail('Section is nested too deeply');
    if (!cursor.takeText('.')) {
      cursor.expectText(']');
      return { path, text: null, fields: [] };
    }
  }
  if (path.length === 0 && cursor.takeText(']')) return { path, text: null, fields: [] };
  const text = sectionText(cursor, path);
  const fields = text.startsWith('HEADER.FIELDS') ? headerList(cursor) : [];
  cursor.expectText(']');
  return { path, text, fields };
}

/** `<offset.length>`, where it comes next. */
export function partial(cursor: Cursor): Partial | null {
  if (!cursor.takeText('<')) return null;
  const offset = cursor.number64();
  cursor.expectText('.');
  const length = cursor.number64() || cursor.fail('Partial length must not be 0');
  cursor.expectText('>');
  return { offset, length };
}

/** As it stands in the response: `BODY[1.HEADER.FIELDS (Subject)]<0>`. */
export function formatSection(value: Section, origin: Partial | null): string {
  const fields = value.fields.length > 0 ? ` (${value.fields.map((field) => formatAstring(field)).join(' ')})` : '';
  const inside = [...value.path.map(String), ...(value.text ? [value.text] : [])].join('.');
  return `BODY[${inside}${fields}]${origin ? `<${origin.offset}>` : ''}`;
}
