/** Telling the client what changed in its selected folder (RFC 3501 §7.3, §7.4; VANISHED RFC 7162 §3.2.10). */
import type { MessageEntry } from '#engine/store/types.ts';
import { SYSTEM_FLAGS } from '#engine/wire/imap/flag.ts';
import { formatSet } from '#engine/wire/imap/sequence-set.ts';
import { ImapGoodbye } from './errors.ts';
import { formatFlags } from './flags.ts';
import type { SelectedFolder } from './selected-folder.ts';
import { sendResponses } from './send-responses.ts';
import type { Update } from './sequence-tracker.ts';
import type { ImapSession } from './session.ts';

/** FLAGS and PERMANENTFLAGS (RFC 3501 §7.1, §7.2.6): `\*`, as clients may make keywords. */
export function formatFlagsLines(selected: SelectedFolder): string {
  const flags = [...SYSTEM_FLAGS, ...selected.keywords.values()].join(' ');
  const permanent = selected.readOnly ? '' : `${flags} \\*`;
  return `* FLAGS (${flags})\r\n* OK [PERMANENTFLAGS (${permanent})] Flags that are kept\r\n`;
}

/** A flags FETCH: with UID always, with MODSEQ once the client knows mod-sequences (RFC 7162 §3.1). */
export function formatFlagsFetch(session: ImapSession, sequence: number, entry: MessageEntry): string {
  const modseq = session.condstore ? ` MODSEQ (${entry.modseq})` : '';
  return `* ${sequence} FETCH (UID ${entry.uid} FLAGS ${formatFlags(entry)}${modseq})\r\n`;
}

/** FLAGS once where any of the messages has a keyword not told yet: before the FETCHes that show it (RFC 3501 §7.2.6). */
export function* formatNewKeywords(selected: SelectedFolder, uids: Iterable<number>): Generator<string> {
  let isNew = false;
  for (const uid of uids) {
    const entry = selected.findEntry(uid);
    if (entry && selected.noteKeywords(entry)) isNew = true;
    yield '';
  }
  if (isNew) yield formatFlagsLines(selected);
}

function* formatUpdate(session: ImapSession, selected: SelectedFolder, update: Update): Generator<string> {
  if (update.kind === 'exists') yield `* ${update.count} EXISTS\r\n`;
  else if (update.kind === 'flags') {
    const entry = selected.findEntry(update.uid);
    if (entry) yield formatFlagsFetch(session, update.sequence, entry);
  } else if (session.enabled.has('QRESYNC')) yield `* VANISHED ${formatSet(update.uids)}\r\n`;
  else for (const sequence of update.sequences) yield `* ${sequence} EXPUNGE\r\n`;
}

function* formatUpdates(session: ImapSession, selected: SelectedFolder, updates: readonly Update[]): Generator<string> {
  yield* formatNewKeywords(
    selected,
    updates.flatMap((update) => (update.kind === 'flags' ? update.uid : [])),
  );
  for (const update of updates) yield* formatUpdate(session, selected, update);
}

/** Sends all that may be sent now; `mayExpunge` is false while the client counts on its sequence numbers. */
export async function sendUpdates(session: ImapSession, mayExpunge: boolean): Promise<void> {
  const { selected } = session;
  if (!selected) return;
  if (selected.gone) throw new ImapGoodbye('The selected mailbox was deleted');
  if (!selected.tracker.hasUpdates) return;
  await sendResponses(session, formatUpdates(session, selected, selected.tracker.flush(mayExpunge)));
}
