/** What a FETCH needs of the store: the view alone, rows, or the messages' bytes. */
import type { RowField } from '#engine/store/types.ts';
import type { FetchAtt, SimpleAtt } from '#engine/wire/imap/fetch-att.ts';

export interface FetchPlan {
  atts: readonly FetchAtt[];
  /** null: no rows are read. */
  rowFields: readonly RowField[] | null;
  needsBytes: boolean;
  /** Some item sets \Seen. */
  marksSeen: boolean;
}

/** Items of the row, and the optional field each needs. */
const ROW_ATTS: Readonly<Partial<Record<SimpleAtt, RowField | null>>> = {
  INTERNALDATE: null,
  SAVEDATE: null,
  'RFC822.SIZE': null,
  EMAILID: null,
  THREADID: null,
  ENVELOPE: 'imapEnvelope',
  BODY: 'imapBody',
  BODYSTRUCTURE: 'bodyStructure',
  PREVIEW: 'preview',
};

function withItem(atts: readonly FetchAtt[], att: SimpleAtt): readonly FetchAtt[] {
  return atts.some((item) => item.att === att) ? atts : [...atts, { att }];
}

/** `byUid` adds UID (RFC 3501 §6.4.8), `withModseq` MODSEQ (RFC 7162 §3.1.4.1); setting \Seen is told as FLAGS. */
export function planFetch(
  asked: readonly FetchAtt[],
  options: { byUid: boolean; withModseq: boolean; readOnly: boolean },
): FetchPlan {
  let atts = options.byUid ? withItem(asked, 'UID') : asked;
  if (options.withModseq) atts = withItem(atts, 'MODSEQ');
  const sections = atts.filter((item) => item.att === 'SECTION');
  const fields: RowField[] = [];
  let needsRow = false;
  for (const { att } of atts) {
    const field = att === 'SECTION' ? undefined : ROW_ATTS[att];
    if (field === undefined) continue;
    needsRow = true;
    if (field) fields.push(field);
  }
  return {
    atts,
    rowFields: needsRow ? fields : null,
    needsBytes: sections.length > 0,
    marksSeen: !options.readOnly && sections.some((item) => !item.value.peek),
  };
}
