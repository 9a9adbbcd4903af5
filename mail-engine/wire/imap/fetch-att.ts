/** What FETCH asks for: fetch-att and its macros (RFC 3501 §6.4.5), MODSEQ (RFC 7162), SAVEDATE, EMAILID, THREADID, PREVIEW. */
import type { Cursor } from './cursor.ts';
import { formatSection, type Partial, partial, type Section, section } from './section.ts';

export type SimpleAtt =
  | 'UID'
  | 'FLAGS'
  | 'MODSEQ'
  | 'INTERNALDATE'
  | 'SAVEDATE'
  | 'RFC822.SIZE'
  | 'ENVELOPE'
  | 'BODY'
  | 'BODYSTRUCTURE'
  | 'EMAILID'
  | 'THREADID'
  | 'PREVIEW';

export interface SectionAtt {
  section: Section;
  partial: Partial | null;
  /** Leaves \Seen alone. */
  peek: boolean;
  /** The item's name in the response. */
  label: string;
}

export type FetchAtt = { att: SimpleAtt } | { att: 'SECTION'; value: SectionAtt };

const MAX_ITEMS = 100;

const MACROS: Readonly<Record<string, readonly SimpleAtt[]>> = {
  ALL: ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE'],
  FAST: ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE'],
  FULL: ['FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE', 'BODY'],
};

const WHOLE: Section = { path: [], text: null, fields: [] };

/** The RFC822 items are sections under older names. */
const LEGACY: Readonly<Record<string, SectionAtt>> = {
  RFC822: { section: WHOLE, partial: null, peek: false, label: 'RFC822' },
  'RFC822.HEADER': { section: { ...WHOLE, text: 'HEADER' }, partial: null, peek: true, label: 'RFC822.HEADER' },
  'RFC822.TEXT': { section: { ...WHOLE, text: 'TEXT' }, partial: null, peek: false, label: 'RFC822.TEXT' },
};

const SIMPLE: ReadonlySet<string> = new Set<SimpleAtt>([
  'UID',
  'FLAGS',
  'MODSEQ',
  'INTERNALDATE',
  'SAVEDATE',
  'RFC822.SIZE',
  'ENVELOPE',
  'BODY',
  'BODYSTRUCTURE',
  'EMAILID',
  'THREADID',
  'PREVIEW',
]);

function isSimple(name: string): name is SimpleAtt {
  return SIMPLE.has(name);
}

/** Letters, digits and dots: `BODY.PEEK`, stopping before `[`. */
function attName(cursor: Cursor): string {
  const start = cursor.position;
  while (/[A-Za-z0-9.]/.test(String.fromCharCode(cursor.peek() ?? 0))) cursor.position += 1;
  return cursor.bytes.toString('latin1', start, cursor.position).toUpperCase();
}

function bodySection(cursor: Cursor, peek: boolean): FetchAtt {
  const part = section(cursor);
  const origin = partial(cursor);
  return { att: 'SECTION', value: { section: part, partial: origin, peek, label: formatSection(part, origin) } };
}

function fetchAtt(cursor: Cursor): FetchAtt {
  const name = attName(cursor);
  if ((name === 'BODY' || name === 'BODY.PEEK') && cursor.peekIs('[')) return bodySection(cursor, name === 'BODY.PEEK');
  const legacy = LEGACY[name];
  if (legacy) return { att: 'SECTION', value: legacy };
  if (!isSimple(name)) return cursor.fail('There is no such FETCH item');
  // RFC 8970 §3.2: LAZY allows an answer without one; ours is always ready.
  if (name === 'PREVIEW') cursor.takeText(' (LAZY)');
  return { att: name };
}

/** A macro, one item, or `(item item …)`. */
export function fetchAtts(cursor: Cursor): FetchAtt[] {
  if (cursor.peekIs('(')) {
    const items = cursor.parenthesized(() => fetchAtt(cursor));
    if (items.length > MAX_ITEMS) cursor.fail('Too many FETCH items');
    return items;
  }
  const start = cursor.position;
  const macro = MACROS[attName(cursor)];
  if (macro) return macro.map((att) => ({ att }));
  cursor.position = start;
  return [fetchAtt(cursor)];
}
