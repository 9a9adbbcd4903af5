/** Telling the client what changed in its selected folder (RFC 3501 §7.3, §7.4; VANISHED RFC 7162 §3.2.10). */
import type { MessageEntry } from '#engine/store/types.ts';
import { SYSTEM_FLAGS } from '#engine/wire/imap/flag.ts';
import { formatSet } from '#engine/wire/imap/sequence-set.ts';
import { ImapGoodbye } from './errors.ts';
import { formatFlags } from './flags.ts';
import type { SelectedFolder } from './selected-folder.ts';
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

function formatUpdate(session: ImapSession, selected: SelectedFolder, update: Update): string {
  if (update.kind === 'exists') return `* ${update.count} EXISTS\r\n`;
  if (update.kind === 'expunge') {
    if (session.enabled.has('QRESYNC')) return `* VANISHED ${formatSet(update.uids)}\r\n`;
    return update.sequences.map((sequence) => `* ${sequence} EXPUNGE\r\n`).join('');
  }
  const entry = selected.findEntry(update.uid);
  if (!entry) return '';
  const head = selected.noteKeywords(entry) ? formatFlagsLines(selected) : '';
  return head + formatFlagsFetch(session, update.sequence, entry);
}

/** Sends all that may be sent now; `mayExpunge` is false while the client counts on its sequence numbers. */
export async function sendUpdates(session: ImapSession, mayExpunge: boolean): Promise<void> {
  const { selected } = session;
  if (!selected) return;
  if (selected.gone) throw new ImapGoodbye('The selected mailbox was deleted');
  if (!selected.tracker.hasUpdates) return;
  const lines = selected.tracker.flush(mayExpunge).map((update) => formatUpdate(session, selected, update));
  if (lines.length > 0) await session.send(lines.join(''));
}
