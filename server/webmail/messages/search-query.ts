/**
 * The search box's language: words that must all occur, and `from: to: cc: subject: has:attachment is:unread before: after:`
 * and their like; a leading `-` negates, quotes hold words together. What is not understood is searched for as text.
 */
import type { SearchObject } from 'imapflow';

const MAX_LENGTH = 500;
const MAX_TERMS = 20;
const TERM = /(-)?(?:([a-z]+):)?(?:"([^"]*)"|(\S+))/gi;

const STATES: Readonly<Record<string, SearchObject>> = {
  unread: { seen: false },
  read: { seen: true },
  starred: { flagged: true },
  flagged: { flagged: true },
  unstarred: { flagged: false },
  answered: { answered: true },
  replied: { answered: true },
  unanswered: { answered: false },
  draft: { draft: true },
};

const UNITS: Readonly<Record<string, number>> = { '': 1, k: 1024, kb: 1024, m: 1024 ** 2, mb: 1024 ** 2 };

function parseSize(value: string): number | undefined {
  const match = /^(\d{1,12})(k|kb|m|mb)?$/i.exec(value);
  return match ? Number(match[1]) * (UNITS[match[2]?.toLowerCase() ?? ''] ?? 1) : undefined;
}

/** `2026-11-03` and `2026/11/03`; also `7d`, `2w`, `3m`, `1y` before now. */
function parseDate(value: string, now: Date): Date | undefined {
  const day = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})$/.exec(value);
  if (day) {
    const date = new Date(Date.UTC(Number(day[1]), Number(day[2]) - 1, Number(day[3])));
    return date.getUTCMonth() === Number(day[2]) - 1 ? date : undefined;
  }
  const ago = /^(\d{1,4})([dwmy])$/i.exec(value);
  if (!ago) return undefined;
  const days = { d: 1, w: 7, m: 30, y: 365 }[ago[2]?.toLowerCase() ?? 'd'] ?? 1;
  return new Date(now.getTime() - Number(ago[1]) * days * 86_400_000);
}

/** Where people mean to look; TEXT would find words of Received fields too. */
function anywhere(value: string): SearchObject {
  return { or: [{ subject: value }, { from: value }, { to: value }, { cc: value }, { body: value }] };
}

type Reader = (value: string, now: Date) => SearchObject | undefined;

const readDateWith =
  (key: 'before' | 'since' | 'on'): Reader =>
  (value, now) => {
    const date = parseDate(value, now);
    return date && { [key]: date };
  };

const readSizeWith =
  (key: 'larger' | 'smaller'): Reader =>
  (value) => {
    const size = parseSize(value);
    return size === undefined ? undefined : { [key]: size };
  };

const FIELDS: Readonly<Record<string, Reader>> = {
  from: (value) => ({ from: value }),
  to: (value) => ({ to: value }),
  cc: (value) => ({ cc: value }),
  bcc: (value) => ({ bcc: value }),
  subject: (value) => ({ subject: value }),
  body: (value) => ({ body: value }),
  is: (value) => STATES[value.toLowerCase()],
  has: (value) => (/^attachments?$/i.test(value) ? { header: { 'Content-Type': 'multipart/mixed' } } : undefined),
  before: readDateWith('before'),
  after: readDateWith('since'),
  since: readDateWith('since'),
  on: readDateWith('on'),
  larger: readSizeWith('larger'),
  smaller: readSizeWith('smaller'),
};

function readTerm(match: RegExpExecArray, now: Date): SearchObject | undefined {
  const [whole, minus, field = '', quoted, bare] = match;
  const value = quoted ?? bare ?? '';
  if (value === '') return undefined;
  const term = FIELDS[field.toLowerCase()]?.(value, now) ?? anywhere(field === '' ? value : whole.replace(/^-|"/g, ''));
  return minus ? { not: term } : term;
}

/** Criteria that must all hold; empty for an empty query. Hostile text stays text: imapflow sends it as a string. */
export function parseSearch(text: string, now: Date): SearchObject[] {
  const clean = text.slice(0, MAX_LENGTH).replace(/\p{Cc}/gu, ' ');
  const terms: SearchObject[] = [];
  for (const match of clean.matchAll(TERM)) {
    const term = readTerm(match, now);
    if (term) terms.push(term);
    if (terms.length === MAX_TERMS) break;
  }
  return terms;
}

/** As few SEARCH commands as there are: one object holds a key once, so two words make two, whose results are intersected. */
export function groupTerms(terms: readonly SearchObject[]): SearchObject[] {
  const groups: SearchObject[] = [];
  for (const term of terms) {
    const room = groups.find((group) => Object.keys(term).every((key) => !(key in group)));
    if (room) Object.assign(room, term);
    else groups.push({ ...term });
  }
  return groups;
}
