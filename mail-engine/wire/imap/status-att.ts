/** status-att (RFC 3501 §6.3.10; SIZE RFC 8438, HIGHESTMODSEQ RFC 7162, MAILBOXID RFC 8474, APPENDLIMIT RFC 7889). */
import type { Cursor } from './cursor.ts';

const STATUS_ATTS = [
  'MESSAGES',
  'RECENT',
  'UIDNEXT',
  'UIDVALIDITY',
  'UNSEEN',
  'SIZE',
  'HIGHESTMODSEQ',
  'MAILBOXID',
  'APPENDLIMIT',
] as const;
export type StatusAtt = (typeof STATUS_ATTS)[number];

function statusAtt(cursor: Cursor): StatusAtt {
  const name = cursor.atom().toUpperCase();
  return STATUS_ATTS.find((att) => att === name) ?? cursor.fail('There is no such STATUS item');
}

/** `(att att …)`, each kept once. */
export function statusAtts(cursor: Cursor): StatusAtt[] {
  return [...new Set(cursor.parenthesized(() => statusAtt(cursor)))];
}
