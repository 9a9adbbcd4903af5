import { Flag, type Folder } from '#engine/store/types.ts';
import type { Cursor } from '#engine/wire/imap/cursor.ts';
import { mailbox } from '#engine/wire/imap/mailbox.ts';
import { type SelectParameters, selectParameters } from '#engine/wire/imap/select-params.ts';
import { AUTHENTICATED, type Command, type Completion, defineCommand } from '../command.ts';
import { formatMailboxId } from '../object-id.ts';
import { requireFolder } from '../require-folder.ts';
import { resynchronize } from '../resynchronize.ts';
import { SelectedFolder } from '../selected-folder.ts';
import type { ImapSession } from '../session.ts';
import { formatFlagsLines } from '../updates.ts';

interface SelectArguments extends SelectParameters {
  name: string;
}

function selectArguments(cursor: Cursor, session: ImapSession): SelectArguments {
  cursor.SP();
  const name = mailbox(cursor, session.utf8);
  const parameters = selectParameters(cursor);
  if (parameters.qresync && !session.enabled.has('QRESYNC')) cursor.fail('QRESYNC has to be enabled first');
  return { name, ...parameters };
}

/** What RFC 3501 §6.3.1 requires, HIGHESTMODSEQ (RFC 7162 §3.1.2.1) and MAILBOXID (RFC 8474 §4.2). */
function formatSelectData(selected: SelectedFolder): string {
  const { folder, entries } = selected.view;
  const firstUnseen = entries.findIndex((entry) => (entry.flags & Flag.seen) === 0) + 1;
  const unseen = firstUnseen > 0 ? `* OK [UNSEEN ${firstUnseen}] First unseen message\r\n` : '';
  return [
    formatFlagsLines(selected),
    `* ${entries.length} EXISTS\r\n* 0 RECENT\r\n`,
    unseen,
    `* OK [UIDVALIDITY ${folder.uidValidity}] UIDs are valid\r\n`,
    `* OK [UIDNEXT ${folder.uidNext}] Next UID\r\n`,
    `* OK [HIGHESTMODSEQ ${folder.highestModseq}] Highest mod-sequence\r\n`,
    `* OK [MAILBOXID (${formatMailboxId(folder.id)})] Mailbox id\r\n`,
  ].join('');
}

async function openFolder(session: ImapSession, folder: Folder, readOnly: boolean): Promise<SelectedFolder> {
  const view = await session.deps.store.openView(folder.accountId, folder.id);
  return new SelectedFolder(view, readOnly);
}

async function select(session: ImapSession, args: SelectArguments, readOnly: boolean): Promise<Completion> {
  // The old folder is left even where the new one cannot be had.
  await session.unselect();
  const folder = await requireFolder(session, args.name);
  const selected = await openFolder(session, folder, readOnly);
  session.selected = selected;
  if (args.condstore) session.enabled.add('CONDSTORE');
  await session.send(formatSelectData(selected));
  if (args.qresync) await resynchronize(session, selected, args.qresync);
  const name = readOnly ? 'EXAMINE' : 'SELECT';
  return { status: 'OK', code: readOnly ? 'READ-ONLY' : 'READ-WRITE', text: `${name} completed` };
}

function defineSelect(name: string, readOnly: boolean): Command {
  return defineCommand({
    name,
    states: AUTHENTICATED,
    parse: selectArguments,
    run: (session, args) => select(session, args, readOnly),
  });
}

/** RFC 3501 §6.3.1 */
export const selectCommand = defineSelect('SELECT', false);

/** RFC 3501 §6.3.2 */
export const examineCommand = defineSelect('EXAMINE', true);
