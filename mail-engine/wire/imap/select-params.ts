/** select-params (RFC 4466): CONDSTORE and QRESYNC (RFC 7162 §3.1.8, §3.2.5). */
import type { Cursor } from './cursor.ts';
import { type SequenceSet, sequenceSet } from './sequence-set.ts';

export interface QresyncParameter {
  uidValidity: number;
  modseq: number;
  knownUids: SequenceSet | null;
}

export interface SelectParameters {
  condstore: boolean;
  qresync: QresyncParameter | null;
}

/** `(uidvalidity modseq [known-uids] [(seqs uids)])`; the sequence match data only saves bytes, so it is checked and left. */
function qresync(cursor: Cursor): QresyncParameter {
  cursor.expectText('(');
  const uidValidity = cursor.nzNumber();
  cursor.SP();
  const modseq = cursor.number64();
  let knownUids: SequenceSet | null = null;
  while (cursor.takeSP()) {
    if (!cursor.takeText('(')) {
      if (knownUids) cursor.fail('Known UIDs are given twice');
      knownUids = sequenceSet(cursor);
      continue;
    }
    sequenceSet(cursor);
    cursor.SP();
    sequenceSet(cursor);
    cursor.expectText(')');
    break;
  }
  cursor.expectText(')');
  return { uidValidity, modseq, knownUids };
}

/** ` (…)` after the mailbox, where it is. */
export function selectParameters(cursor: Cursor): SelectParameters {
  const result: SelectParameters = { condstore: false, qresync: null };
  if (!cursor.takeSP()) return result;
  cursor.parenthesized(() => {
    const name = cursor.atom().toUpperCase();
    if (name === 'CONDSTORE') result.condstore = true;
    else if (name === 'QRESYNC') {
      cursor.SP();
      result.qresync = qresync(cursor);
    } else cursor.fail('There is no such SELECT parameter');
  });
  return result;
}
