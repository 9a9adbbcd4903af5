/** What changed while the client was away (RFC 7162 §3.2.5): VANISHED (EARLIER), then flags. */

import type { QresyncParameter } from '#engine/wire/imap/select-params.ts';
import { formatSet, type SequenceSet, selectFromSet } from '#engine/wire/imap/sequence-set.ts';
import type { SelectedFolder } from './selected-folder.ts';
import { sendResponses } from './send-responses.ts';
import type { ImapSession } from './session.ts';
import { formatFlagsFetch } from './updates.ts';

/** `* VANISHED (EARLIER) …` for what went after `modseq`, of `known` where given. */
export async function sendVanishedEarlier(
  session: ImapSession,
  selected: SelectedFolder,
  modseq: number,
  known: SequenceSet | null,
): Promise<void> {
  const { accountId, id } = selected.view.folder;
  const vanished = await session.deps.store.readExpungedSince(accountId, id, modseq);
  const told = known ? selectFromSet(known, vanished) : vanished;
  if (told.length > 0) await session.untagged(`VANISHED (EARLIER) ${formatSet(told)}`);
}

function* formatChanged(
  session: ImapSession,
  selected: SelectedFolder,
  uids: readonly number[],
  modseq: number,
): Generator<string> {
  for (const uid of uids) {
    const entry = selected.findEntry(uid);
    if (!entry || entry.modseq <= modseq) yield '';
    else yield formatFlagsFetch(session, selected.tracker.sequenceOf(uid), entry);
  }
}

/** Nothing where UIDVALIDITY has changed: the client's copy is worthless and it will see that. */
export async function resynchronize(
  session: ImapSession,
  selected: SelectedFolder,
  { uidValidity, modseq, knownUids }: QresyncParameter,
): Promise<void> {
  if (uidValidity !== selected.view.folder.uidValidity) return;
  await sendVanishedEarlier(session, selected, modseq, knownUids);
  const { uids } = selected.tracker;
  const wanted = knownUids ? selectFromSet(knownUids, uids) : uids;
  await sendResponses(session, formatChanged(session, selected, wanted, modseq));
}
