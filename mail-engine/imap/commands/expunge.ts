/** EXPUNGE (RFC 3501 §6.4.3) and UID EXPUNGE (RFC 4315 §2.1). */
import type { Cursor } from '#engine/wire/imap/cursor.ts';
import { type SequenceSet, sequenceSet } from '#engine/wire/imap/sequence-set.ts';
import { type Command, type Completion, completed, defineCommand, SELECTED } from '../command.ts';
import type { ImapSession } from '../session.ts';
import { sendUpdates } from '../updates.ts';

async function expunge(session: ImapSession, name: string, set: SequenceSet | null): Promise<Completion> {
  const selected = session.requireWritable();
  const { accountId, id } = selected.view.folder;
  const uids = set ? selected.resolve(set, true) : [...selected.tracker.uids];
  const removed = await session.deps.store.transact(accountId, (tx) => tx.expunge(id, uids, true));
  await selected.view.refresh();
  const modseq = selected.highestModseq;
  await sendUpdates(session, true);
  // RFC 7162 §3.2.7: the client's next resynchronisation starts from here.
  const tellsModseq = session.condstore && removed.length > 0;
  return completed(name, tellsModseq ? `HIGHESTMODSEQ ${modseq}` : undefined);
}

function uidSet(cursor: Cursor): SequenceSet {
  cursor.SP();
  return sequenceSet(cursor);
}

export const expungeCommand: Command = defineCommand({
  name: 'EXPUNGE',
  states: SELECTED,
  parse: () => null,
  run: (session, set) => expunge(session, 'EXPUNGE', set),
});

export const uidExpungeCommand: Command = defineCommand({
  name: 'UID EXPUNGE',
  states: SELECTED,
  parse: uidSet,
  run: (session, set) => expunge(session, 'UID EXPUNGE', set),
});
